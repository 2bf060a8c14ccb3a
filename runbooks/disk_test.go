package runbooks
import ("testing";"os";"bufio";"time";"fmt";"github.com/yuin/goldmark/ast")
func TestDisk(t *testing.T){
 f,err:=os.Open(os.Getenv("RBLIST")); if err!=nil{t.Skip()}
 sc:=bufio.NewScanner(f); n,total,lost,steps:=0,0,0,0; var worst time.Duration; wf:=""
 for sc.Scan(){ src,err:=os.ReadFile(sc.Text()); if err!=nil{continue}
  t0:=time.Now(); b:=Parse("x",sc.Text(),src); d:=time.Since(t0); if d>worst{worst=d;wf=sc.Text()}
  if d>20*time.Millisecond{fmt.Println(d,len(src),sc.Text())}
  n++
  raw,_:=cleanSource(src); lines,_,_:=frontMatter(splitLines(raw,1)); doc:=parseMarkdown(joinText(lines)); want:=0
  ast.Walk(doc.root,func(n ast.Node,e bool)(ast.WalkStatus,error){if e{switch n.(type){case *ast.FencedCodeBlock,*ast.CodeBlock:want++}};return ast.WalkContinue,nil})
  got:=0; b.blocksOf(func(x []Block){got+=len(x)})
  b.All(func(_ int,s *Step){steps++})
  total+=want
  if got<want{lost+=want-got; fmt.Println("FEWER",want,got,sc.Text())} else if got>want {fmt.Println("more",want,got,sc.Text())}
 }
 fmt.Println(n,total,lost,steps,worst,wf)
}
