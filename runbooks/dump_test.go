package runbooks
import ("testing";"os";"fmt";"strings")
func TestDump(t *testing.T){
 f:=os.Getenv("RB"); if f=="" {t.Skip()}
 src,_:=os.ReadFile(f)
 b:=Parse("x",f,src)
 fmt.Println("TITLE",b.Title)
 for _,s:=range b.Sections{
  fmt.Printf("%s [%s] %s\n",strings.Repeat("#",s.Level),s.Kind,s.Title)
  for _,c:=range s.Commands{dumpB("   ",c)}
  dumpS("   ",s.Steps)
 }
 for _,w:=range b.Warnings{fmt.Println("WARN",w)}
}
func dumpS(p string,ss []Step){for _,s:=range ss{fmt.Printf("%s- %s (%s) %s   <%s>\n",p,s.Number,s.Kind,s.Title,s.ID)
 if os.Getenv("BODY")!=""&&s.Body!=""{fmt.Println(p+"    |"+strings.ReplaceAll(s.Body,"\n","\n"+p+"    |"))}
 for _,c:=range s.Commands{dumpB(p+"   ",c)}
 dumpS(p+"   ",s.Steps)}}
func dumpB(p string,c Block){ex:="";if c.Example!=""{ex="+ex"};bg:="";if c.Background{bg="&"};fmt.Printf("%s%s%s %s run=%v %s %v%s: %q\n",p,c.Kind,bg,c.Risk,c.Runnable,c.Why,c.Placeholders,ex,c.Text)}
