// A real Carport for examples and tests: the binary that `CARPORT_BIN` names, started on a free
// port with a data folder of its own and stopped at the end. Without the variable nothing runs.
// Doc tests include this file by path, so it has no inner doc comment.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use carport_sdk::{Access, Api, AuthClient, AuthClientBuilder, Origins, Paging, Secret, Vehicle};

/// What an example ends with.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// A running `carport dev` and the application it came with.
pub struct Carport {
    process: Child,
    program: String,
    data: tempfile::TempDir,
    /// Its one origin.
    pub url: String,
    /// Key of the management API and of webhooks.
    pub management_token: Secret,
    /// A webhook of the application, where the server makes one.
    pub webhook_id: Option<String>,
    client_id: String,
    client_secret: String,
    redirect_uri: String,
}

/// Runs the example against a fresh server, or says why it does not.
pub fn on_carport(example: impl AsyncFnOnce(&Carport) -> Outcome) {
    on_carport_blocking(|carport| {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(example(carport))
    });
}

/// The same for an example without async.
pub fn on_carport_blocking(example: impl FnOnce(&Carport) -> Outcome) {
    let Ok(program) = std::env::var("CARPORT_BIN") else {
        eprintln!("skipped: set CARPORT_BIN to the path of the carport binary to run this example");
        return;
    };
    let carport = Carport::start(program).expect("carport dev gets ready");
    if let Err(error) = example(&carport) {
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
            management_token: "".into(),
            webhook_id: None,
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
        carport.management_token = text("/application/managementToken")?.into();
        carport.webhook_id = text("/application/webhookId").ok();
        Ok(carport)
    }

    /// The server's application, for a client of either kind.
    pub fn builder(&self) -> AuthClientBuilder {
        AuthClient::builder(&self.client_id, self.client_secret.as_str())
            .redirect_uri(&self.redirect_uri)
            .origins(Origins::single(&self.url))
    }

    /// A client of the server's application.
    pub fn client(&self) -> Outcome<AuthClient> {
        Ok(self.builder().build()?)
    }

    /// The server's vehicle API.
    pub fn api(&self) -> Outcome<Api> {
        Ok(Api::at(&self.url)?)
    }

    /// The code of a Connect run in which the owner of a Chevrolet allows everything.
    pub async fn code(&self, scope: &str) -> Outcome<String> {
        self.code_of("CHEVROLET", None, scope).await
    }

    /// The code of a run with a car of this brand, and the owner who signs in with this address.
    pub async fn code_of(&self, brand: &str, user: Option<&str>, scope: &str) -> Outcome<String> {
        let run = self.connect(brand, user, scope);
        code_in(tokio::process::Command::from(run).output().await?.stdout)
    }

    /// As `code`, without async.
    pub fn code_now(&self, scope: &str) -> Outcome<String> {
        code_in(self.connect("CHEVROLET", None, scope).output()?.stdout)
    }

    fn connect(&self, brand: &str, user: Option<&str>, scope: &str) -> Command {
        let mut run = Command::new(&self.program);
        run.args(["connect", "--app", &self.client_id, "--brand", brand])
            .args(["--scope", scope, "--mode", "test", "--data"])
            .arg(self.data.path())
            .stderr(Stdio::inherit());
        if let Some(user) = user {
            run.args(["--user", user]);
        }
        run
    }

    /// Tokens from such a run.
    pub async fn access(&self, scope: &str) -> Outcome<Access> {
        self.access_of("CHEVROLET", None, scope).await
    }

    /// Tokens of the owner of another car.
    pub async fn access_of(&self, brand: &str, user: Option<&str>, scope: &str) -> Outcome<Access> {
        let code = self.code_of(brand, user, scope).await?;
        Ok(self.client()?.exchange_code(&code).await?)
    }

    /// The first car of such a run.
    pub async fn vehicle(&self, scope: &str) -> Outcome<Vehicle> {
        self.vehicle_of("CHEVROLET", None, scope).await
    }

    /// The first car of another owner.
    pub async fn vehicle_of(
        &self,
        brand: &str,
        user: Option<&str>,
        scope: &str,
    ) -> Outcome<Vehicle> {
        let access = self.access_of(brand, user, scope).await?;
        let api = self.api()?;
        let page = api.get_vehicles(&access, Paging::default()).await?;
        let id = page.vehicles.first().ok_or("no car was shared")?;
        Ok(api.vehicle(id, &access))
    }
}

/// The code in the address that a Connect run printed.
fn code_in(printed: Vec<u8>) -> Outcome<String> {
    let printed = String::from_utf8(printed)?;
    let address = url::Url::parse(printed.trim())
        .map_err(|error| format!("carport connect printed {printed:?}: {error}"))?;
    let code = address.query_pairs().find(|(name, _)| name == "code");
    Ok(code
        .ok_or_else(|| format!("no code in {address}"))?
        .1
        .into_owned())
}

impl Drop for Carport {
    fn drop(&mut self) {
        // It may have ended by itself already; then there is nothing to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
