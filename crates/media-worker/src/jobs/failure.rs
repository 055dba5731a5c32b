use tokio::task::JoinError;

use crate::render::RenderError;

/// Why a picture was not rendered; each is about this picture alone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error(transparent)]
    Render(#[from] RenderError),
    /// MiB: what it may take, and what there is for all pictures together.
    #[error("The picture takes more memory than there is for pictures here. Scale it down.")]
    TooMuchMemory { needed: u32, budget: u32 },
    #[error("The picture broke the renderer. Use another one.")]
    Panicked(#[from] JoinError),
    #[error("The picture took too long. Use a smaller one.")]
    TimedOut,
}

impl JobError {
    /// The machine-readable name; never changes once published.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Render(error) => error.code(),
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::Panicked(_) => "renderer_failed",
            Self::TimedOut => "timed_out",
        }
    }
}
