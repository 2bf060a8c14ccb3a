package runbooks

import (
	"strings"
	"testing"
)

// riskOf reads a text as the block of a shell fence.
func riskOf(text string) Block {
	b := Parse("x", "x.md", []byte("Run this:\n\n````sh\n"+text+"\n````\n"))
	var out Block
	b.blocksOf(func(blocks []Block) {
		if len(blocks) > 0 {
			out = blocks[0]
		}
	})
	return out
}

func TestReadOnlyCommands(t *testing.T) {
	for _, cmd := range strings.Split(`kubectl get pods -n shop
kubectl -n shop get pods -o wide | grep web
kubectl -n "$HOME" get pods
oc describe node node-7
oc get nodes -o jsonpath='{.items[0].metadata.name}'
kubectl logs deploy/web --tail=100
kubectl top pod web-1
kubectl rollout status deploy/web
kubectl exec web-1 -- df -h
systemctl status nginx
sudo systemctl is-active nginx
systemctl list-units --failed
journalctl -u nginx -n 50 --no-pager
df -h && free -m; uptime
ps aux | sort -k4 -nr | head -5
ss -tlnp
dig +short example.org
host example.org
nslookup example.org
ping -c 3 db-1
curl -sS -o /dev/null -w '%{http_code}' https://example.org/
curl -fsSI --max-time 5 https://example.org/
curl -s localhost:9200/_cluster/health | jq .status
grep -c ERROR /var/log/app.log 2>/dev/null
cat /etc/hosts | wc -l
tail -n 20 /var/log/app.log
find /var/log -name '*.gz' -mtime +7
sed -n '1,20p' /etc/hosts
sed 's/a/b/g' /etc/hosts
date +%s
hostname -f
git status && git log --oneline -5
docker ps -a
docker compose logs web
helm list -A
helm history web
terraform state list
terraform show
psql -h db-1 -c "select count(*) from jobs where state = 'open'"
psql -d shop -Atc 'SELECT now()'
psql -c '\dt'
mysql -e "SHOW SLAVE STATUS\G"
ssh web-1 -- uptime
ssh -o ConnectTimeout=5 admin@web-1 "systemctl status nginx | head -3"
openssl s_client -connect example.org:443 </dev/null | openssl x509 -noout -enddate
aws ec2 describe-instances --region eu-central-1
aws s3 ls s3://bucket
gcloud compute instances list
az vm show --name web
echo "pods: $(kubectl get pods | wc -l)"
for p in $(kubectl get pods -o name); do kubectl logs "$p" --tail=5; done
NS=shop
export REGION=eu-1
cd /srv/app && ls -l
test -f /etc/hosts
timeout 5 ping -c 1 db-1
redis-cli -h cache-1 info replication
etcdctl endpoint health -w table
rabbitmqctl list_queues name messages
ceph -s
nginx -t
watch -n 5 kubectl get pods
cat <<END
text
END`, "\n") {
		if cmd == "cat <<END" {
			break
		}
		if b := riskOf(cmd); b.Risk != RiskRead {
			t.Errorf("%s: %s %s, want read", cmd, b.Kind, b.Risk)
		}
	}
	if b := riskOf("cat <<END\ntext\nEND"); b.Risk != RiskRead {
		t.Errorf("here-document: %s", b.Risk)
	}
}

func TestNotReadOnly(t *testing.T) {
	for _, cmd := range strings.Split(`kubectl apply -f x.yaml
kubectl get pods > pods.txt
kubectl $VERB pods
kubectl -n $NS get pods
kubectl exec web-1 -- rm /tmp/x
kubectl exec $POD -- ls
systemctl reload nginx
journalctl --vacuum-time=2d
journalctl --rotate
curl -X POST https://example.org/
curl -d a=b https://example.org/
curl --data-binary @x https://example.org/
curl -o file https://example.org/
curl -sO https://example.org/x
curl -T x https://example.org/
curl -F a=b https://example.org/
curl "$OPTS" https://example.org/
curl -w '%output{/tmp/x}' https://example.org/
curl -K config https://example.org/
tail -f /var/log/app.log
find . -name x -exec touch {} +
find . -delete
sed -i s/a/b/ file
sed 's/a/b/e' file
sed -n 'w out' file
sort -o file file
uniq in out
awk '{print}' file
date -s 2026-01-01
hostname web-9
git push
git diff --output=x
git -c core.pager=evil log
git branch -D old
docker run alpine
docker exec $C ls
helm upgrade web chart
terraform plan
terraform apply
psql -c "select 1; drop table x"
psql -c "select pg_terminate_backend(7)"
psql -c "select * into copy from jobs"
psql -c "with x as (delete from jobs returning 1) select 1"
psql -c "select 1" -f script.sql
psql -c '\! touch x'
mysql -e "select * from t into outfile '/tmp/x'"
ssh web-1 -- systemctl restart nginx
ssh -o ProxyCommand=evil web-1 uptime
ssh "$HOST_FROM_OUTSIDE" uptime
ssh web-1 'uptime > x'
openssl x509 -in a -out b
aws s3api get-object --bucket b --key k file
aws ec2 start-instances --instance-ids i
gcloud compute instances delete list
az aks get-credentials --name x
echo x > /etc/motd
echo "$(touch x)"
cat <(touch x)
uptime &
f() { touch x; }; f
PATH=/tmp ls
LD_PRELOAD=/tmp/x.so ls
PAGER=evil git log
GIT_SSH_COMMAND=evil git ls-remote
$CMD
./ls
/tmp/ls
xargs rm
echo x | xargs kubectl
echo web | xargs find
bash -c 'touch x'
sh script.sh
env X=1 touch y
sudo $CMD
eval ls
printf x | tee file
ss -K dst 10.0.0.1
dmesg -C
redis-cli set a b
redis-cli config set maxmemory 1
etcdctl put a b
rabbitmqctl add_user x y
ceph osd out 1
nc -l 1234
ping db-1
top
strace ls
python3 -c 'print(1)'
unknown-tool status`, "\n") {
		if b := riskOf(cmd); b.Risk == RiskRead {
			t.Errorf("%s: taken for read-only", cmd)
		}
	}
}

func TestDangerousCommands(t *testing.T) {
	for _, cmd := range strings.Split(`rm -rf /srv/x
sudo rm -f x
kubectl delete pod web-1
kubectl -n shop delete pod web-1
oc adm drain node-7
oc adm cordon node-7
kubectl scale deploy/web --replicas=0
kubectl rollout restart deploy/web
kubectl get pods -o name | xargs kubectl delete
terraform apply
terraform state rm x
terraform force-unlock 1
helm rollback web 3
systemctl restart nginx
sudo systemctl stop nginx
service nginx stop
kill -9 1234
sudo reboot
dd if=/dev/zero of=/dev/sda
mkfs.ext4 /dev/sdb
git push -f origin main
git push --force-with-lease
git reset --hard HEAD~1
psql -c "drop table jobs"
mysql -e "UPDATE users SET x = 1"
redis-cli flushall
aws ec2 terminate-instances --instance-ids i
az vm delete --name x
gcloud compute instances stop x
etcdctl defrag
ceph osd purge 3
docker rm web
ssh web-1 sudo systemctl restart nginx
bash -c 'rm -rf x'
kubectl exec web-1 -- rm -rf /tmp/x
echo "delete from jobs" | psql shop
find . -name '*.log' -delete
sudo find /var/log -mtime +2 -exec rm {} \;
curl -s -X POST http://p/api/v1/admin/tsdb/delete_series
curl -X DELETE http://p/x
tool --force now`, "\n") {
		if b := riskOf(cmd); b.Risk != RiskDanger {
			t.Errorf("%s: %s %s, want danger", cmd, b.Kind, b.Risk)
		}
	}
	for _, cmd := range []string{"kubectl get pods -l app=delete", "kubectl apply -f x.yaml", "mkdir -p /srv/x", "grep -r delete .", "git push origin main", "echo drop", "systemctl start nginx", "curl -X POST http://p/api/jobs", "find . -exec ls {} +"} {
		if b := riskOf(cmd); b.Risk == RiskDanger {
			t.Errorf("%s: taken for dangerous", cmd)
		}
	}
}

func TestDeclaredRisk(t *testing.T) {
	for _, c := range []struct {
		fence, cmd string
		want       Risk
	}{
		{`sh {"reads":"true"}`, "site-tool status --all", RiskRead},
		{`sh {reads=true}`, "kubectl delete pod x", RiskDanger},
		{`sh {danger=false}`, "kubectl delete pod x", RiskChange},
		{`sh {danger=false reads=true}`, "kubectl delete pod x", RiskRead},
		{`sh {"danger":true}`, "uptime", RiskDanger},
	} {
		b := Parse("x", "x.md", []byte("Run this:\n\n```"+c.fence+"\n"+c.cmd+"\n```\n"))
		if got := b.Sections[0].Steps[0].Commands[0].Risk; got != c.want {
			t.Errorf("%s %s: %s, want %s", c.fence, c.cmd, got, c.want)
		}
	}
	words := Parse("x", "x.md", []byte("---\ndanger_words: [accept-dataloss]\n---\nRun this:\n\n```sh\npraefect accept-dataloss --all\n```\n"))
	if got := words.Sections[0].Steps[0].Commands[0].Risk; got != RiskDanger {
		t.Errorf("word of the front matter: %s", got)
	}
}

func TestFillingInNeverMakesACommandSafer(t *testing.T) {
	for _, c := range []struct {
		text string
		old  Risk
		want Risk
	}{
		{"kubectl get pods -n shop", RiskRead, RiskRead},
		{"find /srv -delete", RiskRead, RiskDanger},
		{"find /srv -name x", RiskDanger, RiskDanger},
		{"sitetool restart", RiskRead, RiskChange},
		{"rm -rf /srv/shop", RiskChange, RiskDanger},
	} {
		b := Block{Kind: BlockCommand, Risk: c.old, Placeholders: []string{"<x>"}}.WithText(c.text)
		if b.Risk != c.want {
			t.Errorf("%q from %s: %s, want %s", c.text, c.old, b.Risk, c.want)
		}
		if !b.Runnable || len(b.Placeholders) != 0 {
			t.Errorf("%q is not runnable: %s", c.text, b.Why)
		}
	}
}
