// A real Carport for examples and tests: the binary that `CARPORT_BIN` names, started on a free
// port with a data folder of its own and stopped at the end. Without the variable nothing runs.
// Doc tests include this file by path, so it has no inner doc comment.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use carport_sdk::{Access, Api, AuthClient, Origins, Paging, Vehicle};

/// What an example ends with.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A running `carport dev` and the application it came with.
pub struct Carport {
    process: Child,
    program: String,
    data: tempfile::TempDir,
    /// Its one origin.
    pub url: String,
    client_id: String,
    client_secret: String,
    redirect_uri: String,
}

/// Runs the example against a fresh server, or says why it does not.
pub fn on_carport(example: impl AsyncFnOnce(&Carport) -> Outcome) {
    let Ok(program) = std::env::var("CARPORT_BIN") else {
        eprintln!("skipped: set CARPORT_BIN to the path of the carport binary to run this example");
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let carport = Carport::start(program).expect("carport dev gets ready");
    if let Err(error) = runtime.block_on(example(&carport)) {
        panic!("the example failed: {error}\n{error:#?}");
    }
}

impl Carport {
    fn start(program: String) -> Outcome<Self> {
        let data = tempfile::tempdir()?;
        let mut process = Command::new(&program)
            .args([
                "dev",
                "--json",
                "--listen",
                "127.0.0.1:0",
                "--no-tutorial",
                "--data",
            ])
            .arg(data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = process.stdout.take().ok_or("standard output is piped")?;
        BufReader::new(output).read_line(&mut line)?;
        let mut carport = Self {
            process,
            program,
            data,
            url: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            redirect_uri: String::new(),
        };
        // From here on an early return stops the process.
        let ready: serde_json::Value = serde_json::from_str(&line)?;
        let text = |path: &str| -> Outcome<String> {
            let value = ready.pointer(path).and_then(|value| value.as_str());
            Ok(value
                .ok_or_else(|| format!("no {path} in the ready line"))?
                .to_owned())
        };
        carport.url = text("/url")?;
        carport.client_id = text("/application/clientId")?;
        carport.client_secret = text("/application/clientSecret")?;
        carport.redirect_uri = text("/application/redirectUris/0")?;
        Ok(carport)
    }

    /// A client of the server's application.
    pub fn client(&self) -> Outcome<AuthClient> {
        let client = AuthClient::builder(&self.client_id, self.client_secret.as_str());
        Ok(client
            .redirect_uri(&self.redirect_uri)
            .origins(Origins::single(&self.url))
            .build()?)
    }

    /// The server's vehicle API.
    pub fn api(&self) -> Outcome<Api> {
        Ok(Api::at(&self.url)?)
    }

    /// The code of a Connect run in which the owner of a Chevrolet allows everything.
    pub async fn code(&self, scope: &str) -> Outcome<String> {
        let run = tokio::process::Command::new(&self.program)
            .args(["connect", "--app", &self.client_id, "--brand", "CHEVROLET"])
            .args(["--scope", scope, "--mode", "test", "--data"])
            .arg(self.data.path())
            .stderr(Stdio::inherit())
            .output()
            .await?;
        let printed = String::from_utf8(run.stdout)?;
        let address = url::Url::parse(printed.trim())
            .map_err(|error| format!("carport connect printed {printed:?}: {error}"))?;
        let code = address.query_pairs().find(|(name, _)| name == "code");
        Ok(code
            .ok_or_else(|| format!("no code in {address}"))?
            .1
            .into_owned())
    }

    /// Tokens from such a run.
    pub async fn access(&self, scope: &str) -> Outcome<Access> {
        Ok(self
            .client()?
            .exchange_code(&self.code(scope).await?)
            .await?)
    }

    /// The first car of such a run.
    pub async fn vehicle(&self, scope: &str) -> Outcome<Vehicle> {
        let (api, access) = (self.api()?, self.access(scope).await?);
        let page = api
            .get_vehicles(&access.access_token, Paging::default())
            .await?;
        let id = page.vehicles.first().ok_or("no car was shared")?;
        Ok(api.vehicle(id, &access.access_token))
    }
}

impl Drop for Carport {
    fn drop(&mut self) {
        // It may have ended by itself already; then there is nothing to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
