//! How one process, and nothing else on the machine, is led to the original hosts.
//! The same for more programs: docs/guide/original-hosts.md.

use carport_model::exports::export_line;

use super::{OriginalHosts, PORT};

/// Never through a proxy that leads to one place only: this machine's own addresses, where the
/// application and the public address of this server are.
const DIRECT: &str = "localhost,127.0.0.1,::1";

impl OriginalHosts {
    /// Flags with which Chromium meets this server behind every name below smartcar.com, so that
    /// nothing of the real service is asked by that browser.
    fn browser_flags(&self) -> [String; 2] {
        [
            format!(
                "--host-resolver-rules='MAP *.smartcar.com {}'",
                self.address
            ),
            format!("--ignore-certificate-errors-spki-list={}", self.ca_pin),
        ]
    }
}

/// The environment of a process that asks the original hosts. Go reads the certificate in addition
/// to the system's folder of certificates, so other hosts are believed as before.
#[must_use]
pub fn variables(hosts: &OriginalHosts) -> Vec<(&'static str, String)> {
    vec![
        ("HTTPS_PROXY", hosts.proxy_url.clone()),
        ("NO_PROXY", DIRECT.to_owned()),
        ("SSL_CERT_FILE", hosts.ca_file.display().to_string()),
    ]
}

/// What `dev` prints for people.
#[must_use]
pub fn for_people(hosts: &OriginalHosts) -> String {
    let mut text = format!(
        "\nOriginal hosts  {}, and {} others\n  at            {}, by the proxy {}\n  \
         authority     {}\n\nNothing of this machine was changed. A program with these hosts built \
         in comes here when it is\nstarted in a terminal with these lines (`carport env go` prints \
         them with the rest):\n\n",
        hosts.names.first().map_or("", String::as_str),
        hosts.names.len().saturating_sub(1),
        hosts.address,
        hosts.proxy_url,
        hosts.ca_file.display(),
    );
    for (name, value) in variables(hosts) {
        text.push_str(&format!("  {}\n", export_line(name, &value)));
    }
    let [rules, pin] = hosts.browser_flags();
    text.push_str(&format!(
        "\nOne browser window, with a profile of its own:\n\n  chromium --user-data-dir=\"$(mktemp -d)\" \
         \\\n    {rules} \\\n    {pin}\n"
    ));
    match &hosts.hosts_file {
        Some(file) => text.push_str(&format!(
            "\nA program that heeds no proxy, with an /etc/hosts of its own (Linux):\n\n  unshare \
             --map-root-user --mount sh -c 'mount --bind \"$0\" /etc/hosts && exec \"$@\"' \\\n    \
             {} PROGRAM ARGUMENT…\n",
            quoted(&file.display().to_string())
        )),
        None => text.push_str(&format!(
            "\nA program that heeds no proxy needs port {PORT}: start again without an address after \
             --original-hosts.\n"
        )),
    }
    text.push_str(
        "\ndocs/guide/original-hosts.md tells more, for curl, Python, Node and Home Assistant.\n",
    );
    text
}

/// A word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(port: u16) -> OriginalHosts {
        OriginalHosts {
            address: ([127, 0, 0, 2], port).into(),
            proxy_url: "http://127.0.0.1:2278".to_owned(),
            ca_file: "/data/original-hosts-ca.pem".into(),
            ca_pin: "cGlu".to_owned(),
            hosts_file: (port == PORT).then(|| "/da'ta/original-hosts.txt".into()),
            names: super::super::NAMES.map(str::to_owned).to_vec(),
        }
    }

    #[test]
    fn what_people_read() {
        insta::assert_snapshot!(for_people(&hosts(PORT)));
    }

    #[test]
    fn another_port_has_no_hosts_file() {
        let text = for_people(&hosts(2443));
        assert!(!text.contains("unshare"), "{text}");
        assert!(text.contains("MAP *.smartcar.com 127.0.0.2:2443"), "{text}");
    }
}
