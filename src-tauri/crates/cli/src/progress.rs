//! How work goes: a bar on a terminal, a plain line every few seconds elsewhere, a JSON line where that is wanted.

use crate::out::Form;
use crate::terminal;
use crate::words::{count, day, say};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::future::Future;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};
use uncouple_engine::view::{ProgressView, SearchingView};

/// How often a bar is drawn.
const LOOK: Duration = Duration::from_millis(200);

/// Between two plain lines.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Between two JSON lines.
const BETWEEN_DOCUMENTS: Duration = Duration::from_secs(1);

/// How work goes now.
#[derive(Clone, Debug)]
pub(crate) enum Going {
    /// A search.
    Search(SearchingView),
    /// A run.
    Run(ProgressView),
}

/// Where it is shown.
pub(crate) struct Progress {
    how: How,
    what: &'static str,
}

enum How {
    Bar(ProgressBar),
    Lines { every: Duration, json: bool, last: Instant },
    Silent,
}

impl Progress {
    /// `what` is what is going on, as a word of ours.
    pub(crate) fn new(what: &'static str, form: Form) -> Self {
        let lines = |every, json| How::Lines { every, json, last: Instant::now() };
        let how = match form {
            Form::Json => lines(BETWEEN_DOCUMENTS, true),
            Form::Ids => How::Silent,
            Form::Text if std::io::stderr().is_terminal() => How::Bar(bar()),
            Form::Text => lines(BETWEEN_LINES, false),
        };
        Self { how, what }
    }

    /// Shows how it goes, if it is time.
    pub(crate) fn show(&mut self, going: &Going) {
        match &mut self.how {
            How::Bar(bar) => {
                let (done, total) = going.counts();
                bar.set_length(total.max(1));
                bar.set_position(done);
                bar.set_message(going.words());
            }
            How::Lines { every, json, last } => {
                if last.elapsed() < *every {
                    return;
                }
                *last = Instant::now();
                if *json {
                    terminal::note_json(&json!({ "progress": going.document(self.what) }));
                } else {
                    let (done, total) = going.counts();
                    let what = say(&format!("progress_{}", self.what), &[]);
                    let (done, total) = (done.to_string(), total.to_string());
                    let places = [("what", &*what), ("done", &done), ("total", &total), ("more", &going.words())];
                    terminal::note(&say("progress_line", &places));
                }
            }
            How::Silent => {}
        }
    }

    /// Says something beside how it goes. In JSON mode nothing is said that is no document.
    pub(crate) fn say(&self, text: &str) {
        match &self.how {
            How::Bar(bar) => bar.println(terminal::clean(text)),
            How::Lines { json: false, .. } => terminal::note(text),
            How::Lines { json: true, .. } | How::Silent => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(self) {
        if let How::Bar(bar) = self.how {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr_with_hz(5));
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len}{msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

impl Going {
    fn counts(&self) -> (u64, u64) {
        match self {
            Self::Search(view) => (view.people + view.unread, view.known),
            Self::Run(view) => (view.done, view.total),
        }
    }

    /// What stands behind the numbers.
    fn words(&self) -> String {
        let (mut text, rate, left, waiting) = match self {
            Self::Search(SearchingView { log: Some(log), rate, waiting, .. }) => {
                let (n, back) = (log.lines.to_string(), day(log.back_to.as_deref()));
                let text = say("progress_of_log", &[("n", &n), ("back", &back)]);
                (text, *rate, None, *waiting)
            }
            Self::Search(view) => {
                let (grants, rate) = (count("n_grants", view.accesses), format!("{:.0}", view.rate));
                let text = say("progress_of_people", &[("grants", &grants), ("rate", &rate)]);
                (text, view.rate, view.seconds_left, view.waiting)
            }
            Self::Run(view) => {
                let mut text = say("progress_of_items", &[("rate", &format!("{:.0}", view.rate))]);
                if view.lagging > 0 {
                    text.push_str(&say("progress_lagging", &[("n", &view.lagging.to_string())]));
                }
                if view.stopping {
                    text.push_str(&say("progress_stopping", &[]));
                }
                (text, view.rate, view.seconds_left, view.waiting)
            }
        };
        if let Some(seconds) = left.filter(|_| rate > 0.0) {
            text.push_str(&say("progress_time_left", &[("time", &time(seconds))]));
        }
        if waiting > 0 {
            text.push_str(&say("progress_waiting", &[("time", &time(waiting))]));
        }
        text
    }

    fn document(&self, what: &str) -> serde_json::Value {
        let mut document = match self {
            Self::Search(view) => serde_json::to_value(view),
            Self::Run(view) => serde_json::to_value(view),
        }
        .unwrap_or_default();
        if let Some(fields) = document.as_object_mut() {
            let reads_log = matches!(self, Self::Search(SearchingView { log: Some(_), .. }));
            fields.insert("of".to_owned(), if reads_log { "log" } else { what }.into());
        }
        document
    }
}

fn time(seconds: u64) -> String {
    let (h, m, s) = ((seconds / 3600).to_string(), (seconds / 60 % 60).to_string(), (seconds % 60).to_string());
    let key = match seconds {
        0..60 => "time_seconds",
        60..3600 => "time_minutes",
        _ => "time_hours",
    };
    say(key, &[("h", &h), ("m", &m), ("s", &s)])
}

/// Does the work, and looks at it now and then.
pub(crate) async fn watched<T>(work: impl Future<Output = T>, mut look: impl AsyncFnMut()) -> T {
    let mut work = std::pin::pin!(work);
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            _ = looks.tick() => look().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_long_as_they_need() {
        crate::words::speak(uncouple_engine::wire::Language::English);
        assert_eq!([time(7), time(67), time(3_700)], ["7 s", "1 min 7 s", "1 h 1 min"]);
    }

    #[test]
    fn a_line_says_what_is_waited_for() {
        crate::words::speak(uncouple_engine::wire::Language::English);
        let view = ProgressView {
            done: 3,
            total: 10,
            rate: 2.0,
            seconds_left: Some(4),
            repeated: 1,
            waiting: 30,
            lagging: 2,
            stopping: false,
        };
        let words = Going::Run(view).words();
        assert_eq!(words, ", 2/s, 2 wait for the provider’s list, 4 s left, provider’s limit: waiting 30 s");
        assert_eq!(Going::Run(view).document("run").get("of").and_then(|of| of.as_str()), Some("run"));
    }
}
