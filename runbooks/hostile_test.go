package runbooks
import ("testing";"time";"fmt";"strings";"os")
func TestHostile(t *testing.T){
 if os.Getenv("HOST")==""{t.Skip()}
 m:=map[string]string{}
 for _,u:=range []string{"[","*a ","`a","> ","- ","<","<a ","![","](","1. ","a_b","\\","&#27;","_a","**a** ","<!--","```\n","```a\n","```a\n## B\n","<pre>\n","- a\n  ","{{< hint >}}\n","::: a\n","!!! a\n    b\n","<div>\n","# a\n","$ a <<EOF\n","|a","a|b\n-|-\n","[a]: b\n","[a][b] ","1. a\n```\nx\n```\n","~","\t","- ```\n","  - a\n", "* * ", "(", "$(","\n","If a, b:\n\n","    $ x\n\n","<a>","**1. a**\n\n", "- [ ] a\n", "'", "echo 'a\n"}{
   m[u]=strings.Repeat(u,200000/len(u))
 }
 deep:=""; for i:=0;i<300;i++{deep+=strings.Repeat("  ",i)+"- a\n"}; m["deep"]=deep
 deep=""; for i:=0;i<300;i++{deep+=strings.Repeat("> ",i)+"a\n"}; m["deepq"]=deep
 for _,k:=range []string{"```\n"} { m["f"+k]="$ a\n"; m["f"+k]=k+strings.Repeat("$ a \\\n",20000)+k; m["g"]=k+strings.Repeat("$ a 'b\n",20000)+k; m["h"]=k+strings.Repeat("(",100000)+k; m["i"]=k+"kubectl "+strings.Repeat("$(a ",30000)+"\n"+k; m["j"]=k+strings.Repeat("if a; then ",20000)+"\n"+k; m["k"]=k+"ls\n"+strings.Repeat("Foo bar\n'a\n",8000)+k; m["l"]=k+"$ "+strings.Repeat("sudo ",30000)+"\n"+k; m["m"]=k+strings.Repeat("cat <<E\n",9000)+k ; m["n"]=k+strings.Repeat("<x",90000)+k}
 for k,v:=range m{ t0:=time.Now(); Parse("x","x",[]byte(v)); d:=time.Since(t0); if d>100*time.Millisecond{fmt.Printf("%v %q\n",d,k)}}
}
