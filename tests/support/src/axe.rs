//! Accessibility of what stands on the screen, by axe-core.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::clone_folder;
use crate::window::Window;

/// One thing that axe-core found.
#[derive(Debug, Clone, Deserialize)]
pub struct Violation {
    /// The rule, for example `color-contrast`.
    pub id: String,
    /// How bad it is in axe-core's words.
    #[serde(default)]
    pub impact: Option<String>,
    /// What the rule wants.
    pub help: String,
    /// Where, with axe-core's explanation.
    pub places: Vec<String>,
}

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
        (result) => done({ found: result.violations.map(({ id, impact, help, nodes }) => ({
            id, impact, help,
            places: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
        })) }),
        (problem) => done({ problem: String(problem) }),
    );";

impl Window {
    /// Everything that axe-core finds wrong with the page as it is now.
    ///
    /// # Errors
    /// When axe-core isn't installed or can't run.
    pub async fn axe(&self) -> Result<Vec<Violation>> {
        let file = clone_folder().join("ui/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        // Run as a script of the driver, so that the page's own policy stays as strict as it is.
        self.run(&format!("if (!window.axe) {{ {source} }}"), vec![]).await?;
        let mut result = self.run_async(RUN, vec![]).await?;
        if let Some(problem) = result.get("problem") {
            anyhow::bail!("axe-core: {problem}");
        }
        let found = result.get_mut("found").map(serde_json::Value::take).context("axe-core said nothing")?;
        Ok(serde_json::from_value(found)?)
    }
}
