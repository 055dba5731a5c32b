use std::time::Duration;

use auditor::{Report, Verdict, VerifyOptions};

use super::{From, progress};
use crate::target::Target;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Seconds during which what is being written is looked at again
    #[arg(long, default_value_t = 10)]
    patience: u64,
    #[command(flatten)]
    from: From,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let code = match verify(&options).await {
        Ok(report) => {
            println!("{report}");
            match report.verdict() {
                Verdict::Same => return Ok(()),
                Verdict::Different => 1,
                Verdict::Unsure => 2,
            }
        }
        Err(error) => {
            eprintln!("vestnik: could not verify: {error:#}");
            2
        }
    };
    // The code is the answer, and an error of `main` has another.
    std::process::exit(code)
}

async fn verify(options: &Options) -> anyhow::Result<Report> {
    let target = Target::find()?;
    let bus = options.from.bus(&target).await?;
    let patience = Duration::from_secs(options.patience);
    let options = VerifyOptions { patience, ..VerifyOptions::default() };
    auditor::verify_with(&bus, &target.database_url()?, &options, progress::teller()).await
}
