package runbooks

import (
	"regexp"
	"strings"
)

// isDangerous tells whether a script has a command that takes away, stops or overwrites something. words are those that
// the front matter adds. The list is advisory: it can miss what a site's own tools do.
func isDangerous(text string, sc script, words []string) bool {
	for _, w := range words {
		if w != "" && strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			return true
		}
	}
	if !sc.ok {
		return roughDanger.MatchString(text)
	}
	found := false
	for _, c := range sc.commands {
		c.each(0, func(c command) { found = found || dangerous(c) })
	}
	for _, c := range sc.commands {
		if sqlClients[c.name()] && dangerousSQL(sc.heredocs) {
			return true
		}
		if c.name() == "echo" && feedsSQL(sc) && dangerousSQL(strings.Join(c.args(), " ")) {
			return true
		}
	}
	return found
}

// roughDanger is for text that does not parse as shell.
var roughDanger = regexp.MustCompile(`(?i)\brm\s+-[a-z]*[rf]|\b(?:kubectl|oc)\b.*\b(?:delete|drain|cordon|scale|patch|replace)\b|\bterraform\s+(?:apply|destroy|taint|force-unlock)|\bhelm\s+(?:upgrade|delete|uninstall|rollback)|\bsystemctl\s+(?:stop|restart|disable)|\b(?:shutdown|reboot|mkfs|wipefs)\b|\bdd\s.*\bof=|--force\b|\bdrop\s+(?:table|database)|\btruncate\b|\bdelete\s+from\b|\bupdate\s+\w+\s+set\b|flushall`)

var sqlClients = set("psql mysql mariadb sqlite3 cqlsh clickhouse-client sqlcmd")

func feedsSQL(sc script) bool {
	for _, c := range sc.commands {
		if sqlClients[c.name()] && c.fed {
			return true
		}
	}
	return false
}

var (
	sqlDanger   = regexp.MustCompile(`(?i)\b(?:drop\s+\w+|truncate|delete\s+from|update\s+[\w."]+\s+set|alter\s+\w+|reindex|purge\s+binary|reset\s+master|kill\s+\d|pg_terminate_backend|pg_cancel_backend)\b`)
	cloudDanger = regexp.MustCompile(`^(?:batch-)?(?:delete|terminate|stop|revoke|purge|remove|destroy|deregister|reboot|reset|detach|disable|failover|restore|deallocate|rm|rb)(?:-|$)`)
)

func dangerousSQL(s string) bool { return sqlDanger.MatchString(s) }

// dangerVerbs are subcommands, by program, that are dangerous wherever they stand among the plain words.
var dangerVerbs = map[string]map[string]bool{
	"kubectl":   set("delete drain cordon uncordon scale patch replace evict taint"),
	"oc":        set("delete drain cordon uncordon scale patch replace evict taint"),
	"terraform": set("apply destroy taint untaint force-unlock import"),
	"helm":      set("upgrade delete uninstall rollback"),
	"systemctl": set("stop restart disable kill mask isolate reboot poweroff halt try-restart reload-or-restart"),
	"service":   set("stop restart force-reload"),
	"docker":    set("rm rmi kill stop restart prune down pause"),
	"etcdctl":   set("del defrag remove compact move-leader"),
	"redis-cli": set("flushall flushdb del unlink shutdown failover debug"),
	"ceph":      set("purge out zap destroy rm delete down"),
	"rabbitmqctl": set(`reset force_reset stop_app stop forget_cluster_node delete_queue purge_queue shutdown delete_vhost delete_user
		close_all_connections close_connection`),
	"supervisorctl": set("stop restart shutdown remove"),
	"gitlab-ctl":    set("stop restart kill reconfigure"),
	"nodetool":      set("decommission removenode assassinate drain"),
	"pcs":           set("stop restart destroy standby disable cleanup"),
	"crm":           set("stop restart standby cleanup"),
	"virsh":         set("destroy undefine shutdown reboot reset"),
	"zpool":         set("destroy export labelclear offline detach"),
	"zfs":           set("destroy rollback"),
	"pg_ctl":        set("stop restart promote"),
	"patronictl":    set("failover switchover restart reinit remove pause"),
	"vault":         set("delete revoke seal step-down destroy"),
	"consul":        set("leave force-leave"),
	"nomad":         set("stop drain purge"),
	"apachectl":     set("stop restart graceful-stop"),
	"pm2":           set("stop delete restart kill"),
	"flux":          set("suspend delete uninstall"),
	"argocd":        set("delete rollback terminate-op"),
}

var sameVerbs = map[string]string{"k": "kubectl", "tofu": "terraform", "terragrunt": "terraform", "podman": "docker", "nerdctl": "docker", "crictl": "docker", "docker-compose": "docker", "apache2ctl": "apachectl"}

// dangerAlways are programs that are dangerous as such.
var dangerAlways = set("kill killall pkill reboot shutdown halt poweroff wipefs fdisk sfdisk parted lvremove vgremove pvremove lvreduce userdel groupdel truncate shred rmdir mkswap swapoff dropdb pg_resetwal fstrim")

func dangerous(c command) bool {
	name, args := c.name(), c.args()
	if other, ok := sameVerbs[name]; ok {
		name = other
	}
	if dangerAlways[name] || strings.HasPrefix(name, "mkfs") || has(args, "--force") || has(args, "--force-with-lease") || has(args, "--grace-period=0") {
		return true
	}
	if verbs, ok := dangerVerbs[name]; ok {
		return dangerousVerb(name, verbs, args)
	}
	switch name {
	case "rm":
		return anyFlag(args, 'r') || anyFlag(args, 'R') || anyFlag(args, 'f') || has(args, "--recursive") || strings.Contains(strings.Join(args, " "), "*")
	case "init", "telinit":
		return has(args, "0") || has(args, "6") || has(args, "1")
	case "dd":
		return strings.Contains(" "+strings.Join(args, " "), " of=")
	case "git":
		return has(args, "push") && anyFlag(args, 'f') || has(args, "reset") && has(args, "--hard") || has(args, "clean") && anyFlag(args, 'f')
	case "psql", "mysql", "mariadb", "sqlite3", "cqlsh", "clickhouse-client", "sqlcmd", "mongo", "mongosh":
		return dangerousSQL(strings.Join(args, "\n")) || strings.Contains(strings.Join(args, "\n"), ".drop(")
	case "aws", "az", "gcloud", "openstack", "doctl", "hcloud", "ibmcloud":
		for _, a := range args {
			if cloudDanger.MatchString(a) {
				return true
			}
		}
	case "find":
		return has(args, "-delete") || has(args, "-exec") && (has(args, "rm") || has(args, "/bin/rm") || has(args, "shred"))
	case "crontab":
		return has(args, "-r")
	case "iptables", "ip6tables", "nft":
		return has(args, "-F") || has(args, "flush") || has(args, "-X") || has(args, "-P")
	case "curl":
		return postsDeletion(args) || strings.Contains(strings.ToUpper(strings.Join(args, " ")), "-X DELETE") || has(args, "-XDELETE") || strings.Contains(strings.Join(args, " "), "--request DELETE")
	case "ip", "ifconfig":
		return has(args, "down") || has(args, "del") || has(args, "flush")
	}
	if strings.HasPrefix(name, "kafka-") {
		return has(args, "--delete")
	}
	return false
}

// postsDeletion tells whether curl sends something to an address whose path speaks of deleting.
func postsDeletion(args []string) bool {
	all := strings.ToUpper(strings.Join(args, " "))
	return (strings.Contains(all, "-X POST") || strings.Contains(all, "-XPOST") || strings.Contains(all, "-X PUT") || strings.Contains(all, "-XPUT") || strings.Contains(all, "--REQUEST P")) &&
		containsAny(all, "/DELETE", "_DELETE", "/PURGE", "/DESTROY", "/SHUTDOWN", "/RESTART", "/FAILOVER", "/REMOVE")
}

func dangerousVerb(name string, verbs map[string]bool, args []string) bool {
	prev := ""
	for _, a := range args {
		if a == "--" { // what follows is another command
			return false
		}
		if strings.HasPrefix(a, "-") || strings.HasPrefix(prev, "-") && !strings.Contains(prev, "=") && (prev == "-n" || prev == "-l" || prev == "--namespace" || prev == "-c" || prev == "--context" || prev == "-u") {
			prev = a
			continue
		}
		low := strings.ToLower(a)
		if verbs[low] && (name != "docker" || prev != "exec") {
			return true
		}
		switch {
		case (name == "kubectl" || name == "oc") && prev == "rollout" && (low == "restart" || low == "undo"):
			return true
		case name == "terraform" && prev == "state" && (low == "rm" || low == "mv" || low == "push"):
			return true
		case name == "redis-cli" && strings.EqualFold(prev, "config") && low == "set":
			return true
		case (name == "kubectl" || name == "oc") && (low == "get" || low == "describe" || low == "logs" || low == "exec" || low == "top"):
			return false // "get delete" names something
		}
		prev = a
	}
	return false
}

// anyFlag tells whether a group of short options holds c.
func anyFlag(args []string, c byte) bool {
	for _, a := range args {
		if shortHas(a, c) {
			return true
		}
	}
	return false
}
