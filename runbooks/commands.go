package runbooks

import (
	"regexp"
	"strings"
)

// programs are words that start a command. The list only has to know what runbooks use; unknown programs are recognised
// by their shape and the sentence before them.
var programs = set(`[ alias amtool ansible ansible-playbook ansible-vault apachectl apk apt apt-cache apt-get apt-key aptitude argocd asdf at autossh awk aws az azcopy base64 basename bash bazel bc bg blkid bosh bq brew bundle bunzip2 bzip2 cargo cassandra-stress cat cd
ceph ceph-volume certbot cf cfssl chattr chef-client chmod chown chroot chronyc cilium clear clickhouse-client cmctl cmp column composer conda consul containerd cp cpio cqlsh crictl crm crm_mon crontab ctr curl cut cypher-shell dash date dd declare defaults df dig diff dirname
django-admin dmesg dnf do-release-upgrade docker docker-compose doctl dotnet dpkg dpkg-reconfigure drbdadm drush du echo egrep elixir emacs env envsubst etcdctl etcdutl eval exec exit expect export exportfs fail2ban-client fallocate false fdisk fg fgrep file filebeat find findmnt
firewall-cmd flux flyctl for free fsck ftp fuser gcc gcloud gdb gem getent getfacl gh git gitlab-backup gitlab-ctl gitlab-psql gitlab-rails gitlab-rake glab gluster go gpg gpg2 gpgconf gradle grep groupadd groups gsutil gunzip gzip haproxy hcloud head helm helmfile heroku hexdump history host hostname
hostnamectl htop http httpd iconv id if ifconfig ifdown ifup iftop influx info init initctl insmod install iostat iotop ip ip6tables ipmitool iptables iptables-save irb iscsiadm istioctl iw java javac jmap jobs join journalctl jps jq jstack jstat just k k3s k9s kcat kafkacat keytool kill killall kind kinit kn knife
kolla-ansible kops krew kubeadm kubectl kubectx kubens kubeseal kustomize last launchctl ldapmodify ldapsearch ldconfig ldd less let ln loadkeys local locale localectl locate logger loginctl logrotate ls lsattr lsblk lscpu lsmod lsof lspci lvcreate lvdisplay lvextend lvm lvreduce lvremove lvresize lvs m4 mailq make man
mariadb mc md5sum mdadm mdatp meilisearch memcached microk8s minikube mkdir mkfs mkfs.ext4 mkfs.xfs mkswap mktemp modprobe mongo mongodump mongorestore mongosh more mosquitto_pub mosquitto_sub mount mpstat mtr multipath mv mvn mysql mysqladmin mysqlcheck mysqldump nano nc ncat ncdu netcat netplan netstat networkctl neutron newrelic nft nginx nginx_ensite
nice nl nmap nmcli node nodetool nohup nomad nova npm npx nslookup nsenter ntpdate ntpq ntpstat nvm oc occ od omd opatch openssl openstack op orachk packer pacman parallel parted partprobe passwd paste patch patronictl pcs perl pfctl pg_basebackup pg_controldata pg_ctl pg_ctlcluster pg_dump pg_dumpall pg_isready pg_lsclusters pg_repack pg_restore pg_rewind pgbench pgbouncer
pgrep php phpenmod pico pidof pidstat ping ping6 pip pip3 pkill pm2 pmap podman popd postfix postqueue postsuper poweroff printenv printf promtool ps psql pulumi puppet pushd pv pvcreate pvs pwd pyenv python python2 python3 rabbitmq-diagnostics rabbitmq-plugins rabbitmqadmin rabbitmqctl rails rake rbenv rclone read readlink realpath
reboot redis-benchmark redis-cli redis-sentinel redis-server repmgr resize2fs resolvectl restic rev rg rm rmdir rmmod route rpm rsync ruby runuser s3cmd salt salt-call sar scp screen screen script sed semanage semodule sendmail seq service sestatus set setcap setfacl setsebool sfdisk sftp sh sha1sum sha256sum shopt showmount shred shutdown slapcat sleep smartctl
smbclient snap snmpwalk socat solr sops sort source split sqlcmd sqlite3 ss ssh ssh-add ssh-agent ssh-copy-id ssh-keygen ssh-keyscan sshpass ssldump sslmate stat stdbuf step stern strace strings stty su sudo supervisorctl swapoff swapon symfony sync sysbench sysctl systemctl systemd-analyze systemd-resolve tail tailscale tar tcpdump tctl tee telepresence telnet terraform
terragrunt test tilt time timedatectl timeout tkn tmux tofu top touch tr traceroute tracepath tree true truncate tsh tune2fs type udevadm ufw ulimit umask umount unalias uname uniq unlink unset unzip update-alternatives update-ca-certificates update-grub updatedb uptime useradd userdel usermod uuidgen vacuumdb vagrant varnishadm varnishlog vault vcs velero vgs vgdisplay vgextend vi view vim virsh
visudo vmstat w wait watch wc wget which while who whoami wp wrk xargs xcopy xxd xz yamllint yarn yes yq yum yum-config-manager zcat zfs zgrep zip zpool zsh zypper cloud-platform cmk podinfo s_client skopeo crane trivy cosign linkerd calicoctl kubelet kubent velero thanos mimirtool logcli lokitool tempo-cli vmctl sentry-cli newman k6 locust ab siege hey
bin/rails bin/rake vendor/bin/drush gds gitops ipset conntrack ethtool bridge tc arping arp iperf iperf3 lldpctl vtysh birdc cobbler foreman-rake hammer subscription-manager katello-service satellite-maintain dsconf ipa kadmin klist certutil realm sssctl wbinfo smbstatus testparm postconf postmap doveadm exim mutt swaks vzctl pct qm pvecm pvesm lxc lxd incus
chef-server-ctl berks inspec vgcreate vgchange pvresize xfs_growfs xfs_repair e2fsck badblocks hdparm nvme storcli megacli perccli omreport racadm ipmi-sensors dmidecode lshw turbostat perf bpftrace ltrace valgrind ausearch auditctl aureport restorecon chcon getenforce setenforce oscap clamscan freshclam rkhunter lynis wevtutil
fab mco clush pdsh juju maas gitlab-runner eksctl kops oci virtctl subctl roxctl istioctl hubble ovn-nbctl ovn-sbctl ovs-vsctl ovs-ofctl ovs-appctl ovs-dpctl rados rbd radosgw-admin cephadm noobaa rosa ocm osdctl openshift-install oc-mirror
cockroach mongos mongostat mongotop mongoimport mongoexport pt-query-digest pt-online-schema-change pt-table-checksum xtrabackup innobackupex mariabackup mysqlbinlog wal-g wal-e pgbackrest barman vtctlclient vtctl nats cloudflared wg wg-quick ipvsadm growpart
cloud-init nmstatectl tshark pdnsutil rndc unbound-control kdig delv named-checkconf nsupdate jcmd poetry pipenv pipx uv pnpm bun deno kamal aws-vault saml2aws icingacli icinga2 zabbix_agentd zabbix_get facter r10k salt-key salt-run salt-ssh cryptsetup dmsetup lvscan vgscan pvscan
dpkg-query rpm-ostree sv rc-service ucr udm univention-ldapsearch zmcontrol rspamc sieveshell kafka-topics kafka-consumer-groups kafka-configs kafka-console-consumer kafka-reassign-partitions nikto mkpasswd pwgen sshuttle restic borg borgmatic duplicity occ mysqlimport pg_verifybackup pg_resetwal
coredumpctl systemd-cgls systemd-cgtop busctl machinectl bootctl sysdig nerdctl buildah stackctl`)

// english are programs whose names are also words that prose, logs or tables start with.
var english = set(`at bc clear date defaults echo exit expect file find fg bg for free go head helm history host hostname http id if info init install join just kill last less let local locate make man more mount node nova op open parallel patch
perf ping podinfo read realm resize route script service set snap solr sort source split step strings sync tail test time timeout top touch true false type unset update view wait watch which while who yes zip k w [ tree ab hey tc pct parted salt conda screen export exec print history op satellite cobbler foreman locust perl ruby heroku influx java puppet redis`)

var (
	assignment = regexp.MustCompile(`^(?:export\s+|declare\s+(?:-\w+\s+)?|local\s+|readonly\s+)?[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=`)
	lowerPair  = regexp.MustCompile(`(?:^|\s)[a-z_][a-z0-9_.]*=`)
	pathStart  = regexp.MustCompile(`^(?:\./|\.\./|~/|\$HOME/|\$\{?[A-Z_]+\}?/)[\w@%+.~/$-]`)
	absPath    = regexp.MustCompile(`^/(?:[\w.@+-]+/)+[\w.@+-]+(?:\s|$)`)
	binPath    = regexp.MustCompile(`^/\S*(?:/s?bin/|\.sh\b|\.py\b|\.rb\b|\.pl\b)|^bin/\w|^scripts?/\S|^(?:[\w.-]+/)*[\w.-]+\.(?:sh|rb|py|pl)(?:\s|$)`)
)

// firstWord gives a line's program: behind assignments, sudo and the like.
func firstWord(s string) string {
	f := strings.Fields(s)
	for len(f) > 1 && (strings.IndexByte(f[0], '=') > 0 && assignment.MatchString(f[0]) && !strings.ContainsAny(f[0], `"'$(`) || f[0] == "sudo" || f[0] == "time" || f[0] == "!" || f[0] == "nohup") {
		n := 0
		if f[0] == "sudo" {
			if n = skipOptions(f[1:], sudoTakes...); n+1 >= len(f) {
				return "sudo"
			}
		}
		f = f[1+n:]
	}
	if len(f) == 0 {
		return ""
	}
	return strings.TrimLeft(f[0], "(\"'")
}

// certainty says how sure it is that a line is a command.
type certainty int

const (
	notCommand certainty = iota
	maybeCommand
	surelyCommand
)

// commandLine judges one line by its first word and shape.
func commandLine(s string) certainty {
	t := strings.TrimSpace(s)
	if t == "" || looksPrinted(t) {
		return notCommand
	}
	w := firstWord(t)
	bare := t[max(strings.Index(t, w), 0):] // without sudo and assignments in front
	name := w[strings.LastIndexByte(w, '/')+1:]
	switch {
	case startsKeyword(t):
		return maybeCommand
	case programs[w] || programs[name] && strings.HasPrefix(w, "/"):
		if !english[w] || hasOption(t) || strings.ContainsAny(t, "|/$=`\"'~") || len(strings.Fields(t)) == 1 {
			return surelyCommand
		}
		return maybeCommand
	case strings.IndexByte(t, '=') > 0 && assignment.MatchString(t):
		return assigns(t)
	case startsPath(w), strings.ContainsAny(firstToken(bare), "/.") && binPath.MatchString(bare), bare != t && isAbsolute(bare):
		return surelyCommand
	case isAbsolute(bare) && len(strings.Fields(bare)) > 1:
		return maybeCommand
	}
	return notCommand
}

func startsPath(w string) bool {
	return w != "" && strings.IndexByte(".~$", w[0]) >= 0 && pathStart.MatchString(w)
}

func isAbsolute(s string) bool { return strings.HasPrefix(s, "/") && absPath.MatchString(s) }

// assigns tells a shell assignment from the fields of a log line.
func assigns(t string) certainty {
	if strings.HasPrefix(t, "export ") || strings.HasPrefix(t, "declare ") || strings.HasPrefix(t, "local ") {
		return surelyCommand
	}
	if len(lowerPair.FindAllString(t, -1)) > 1 && !strings.ContainsAny(t, ";$(") {
		return notCommand
	}
	sc := understand(t)
	if !sc.ok {
		return maybeCommand // may go on in the next line
	}
	for _, c := range sc.commands {
		if len(c.words) > 0 && !programs[c.name()] && !strings.Contains(c.words[0].text, "/") {
			return notCommand
		}
	}
	if strings.ContainsAny(t, " ") && !strings.ContainsAny(t, `"'$(`) && lowerPair.MatchString(t) {
		return maybeCommand
	}
	return surelyCommand
}

var (
	tableHead = regexp.MustCompile(`^[A-Z][A-Z0-9_()/%.-]+(?:\s[A-Z()]+)?(?:\s{2,}|\t)[A-Z]`)
	timeStamp = regexp.MustCompile(`^[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[:.]\d\d[:.]\d\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun) +\w+ |\d{1,2}/\w{3}/\d{4})`)
	logField  = regexp.MustCompile(`^(?:level|lvl|time|ts|t|msg|severity|caller|err)=`)
	logLevel  = regexp.MustCompile(`^\[?(?:INFO|WARN|WARNING|ERROR|FATAL|FATA|DEBUG|TRACE|NOTICE|CRITICAL|EROR|ERRO)\b`)
	klogLine  = regexp.MustCompile(`^[IWEF]\d{4} \d`)
	sentence  = regexp.MustCompile(`^[A-ZÄÖÜ][a-zäöüß']+(?:[ ,:.]|$)`)
	keyValue  = regexp.MustCompile(`^["']?[A-Za-z_][\w ./()-]*["']?:(?:\s|$)`)
	listItem  = regexp.MustCompile(`^- \S|^-{2,}[a-z][\w-]*|^-[a-zA-Z](?:,|\s|$)`)
	boxLine   = regexp.MustCompile(`^(?:[+|*=_-]{3,}|\|.*\||[│├└┌╔║╚]|[{}\[\]][\s,]*$|\{"|\[\{|</?[a-zA-Z!?]|\d+\) )`)
	changed   = regexp.MustCompile(`^(?:[\w.-]+/[\w.-]+|[\w.-]+ "[^"]*") (?:force )?(?:created|configured|unchanged|deleted|patched|scaled|restarted|cordoned|uncordoned|drained|evicted|annotated|labeled|labelled|exposed|condition met)`)
	podRow    = regexp.MustCompile(`\s\d+/\d+\s+(?:Running|Pending|Completed|Error|CrashLoopBackOff|Terminating|Init|ContainerCreating|ImagePullBackOff|Unknown)`)
	unitMark  = regexp.MustCompile(`^[●○×✓✔✗✘▶▸•→←]`)
	promName  = regexp.MustCompile(`^[a-z_:][a-z0-9_:]*(?:\{[^}]*\})? [0-9.e+-]+$`)
	columns   = regexp.MustCompile(`^\S+(?:\s{3,}\S+){2,}`)
	percent   = regexp.MustCompile(`^\d+(?:\.\d+)?%?(?:\s|$)|^[()]`)
)

// looksPrinted tells whether a line looks like something that a program printed or a file holds.
func looksPrinted(t string) bool {
	switch c := t[0]; {
	case c >= 'A' && c <= 'Z':
		return tableHead.MatchString(t) || timeStamp.MatchString(t) || logLevel.MatchString(t) || klogLine.MatchString(t) || sentence.MatchString(t) || keyValue.MatchString(t) && !assignment.MatchString(t)
	case c >= '0' && c <= '9':
		return true
	case c == '{' || c == '[':
		return boxLine.MatchString(t) || timeStamp.MatchString(t) || logLevel.MatchString(t) || len(t) > 1 && t[1] != ' ' && t[1] != '['
	}
	if c := t[0]; c >= 'a' && c <= 'z' {
		return printsWord(t)
	}
	if isListing(t) || timeStamp.MatchString(t) || listItem.MatchString(t) || boxLine.MatchString(t) || changed.MatchString(t) || podRow.MatchString(t) || unitMark.MatchString(t) {
		return true
	}
	w := firstField(t)
	if strings.HasSuffix(w, ":") || keyValue.MatchString(t) && !programs[w] {
		return true
	}
	return columns.MatchString(t) && !programs[w] || percent.MatchString(t) && w != "(" && !strings.HasPrefix(w, "(")
}

// printsWord is looksPrinted for a line that starts with a small letter, as commands do.
func printsWord(t string) bool {
	w := firstField(t)
	if programs[w] {
		return english[w] && podRow.MatchString(t)
	}
	if strings.HasSuffix(w, ":") || strings.Contains(t, ":") && keyValue.MatchString(t) || strings.Contains(t, "=") && logField.MatchString(t) {
		return true
	}
	if strings.Contains(t, "/") && podRow.MatchString(t) || hasGap(t) && columns.MatchString(t) || strings.Contains(t, " ") && strings.IndexByte("0123456789.e+-", t[len(t)-1]) >= 0 && promName.MatchString(t) {
		return true
	}
	return (strings.IndexByte(w, '/') >= 0 || strings.IndexByte(t, '"') > 0) && changed.MatchString(t) || isListing(t)
}
