#include "results/store/schema.h"

#include <fmt/format.h>

#include <array>

#include "base/error.h"

namespace coppice::results {
namespace {

// Never edited once released: a later format is a further step.
constexpr const char* kStep1 = R"sql(
CREATE TABLE study (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  resolved_spec TEXT NOT NULL,
  data_hash TEXT NOT NULL,
  spec_folder TEXT NOT NULL,
  program TEXT NOT NULL,
  created_at REAL NOT NULL,
  checksum TEXT NOT NULL
) STRICT;

CREATE TABLE events (
  sequence INTEGER PRIMARY KEY,
  elapsed_seconds REAL NOT NULL,
  kind TEXT NOT NULL,
  trial INTEGER,
  body TEXT NOT NULL,
  n_curves INTEGER NOT NULL,
  checksum TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_trial ON events (trial, sequence);

CREATE TABLE curves (
  event INTEGER NOT NULL REFERENCES events (sequence),
  position INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  part TEXT NOT NULL,
  metric TEXT NOT NULL,
  points TEXT NOT NULL,
  checksum TEXT NOT NULL,
  PRIMARY KEY (event, position)
) STRICT;

CREATE TABLE trials (
  trial INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  score REAL,
  std_error REAL,
  best_round INTEGER,
  rounds INTEGER,
  seconds REAL,
  failure_kind TEXT,
  reason TEXT,
  origin TEXT NOT NULL,
  configuration TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  finished_event INTEGER REFERENCES events (sequence)
) STRICT;

CREATE TRIGGER study_stays BEFORE UPDATE ON study
BEGIN SELECT raise(ABORT, 'what a study is never changes'); END;
CREATE TRIGGER study_remains BEFORE DELETE ON study
BEGIN SELECT raise(ABORT, 'what a study is never changes'); END;
CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'events never change'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'events are never removed'); END;
CREATE TRIGGER curves_stay BEFORE UPDATE ON curves
BEGIN SELECT raise(ABORT, 'curves never change'); END;
CREATE TRIGGER curves_remain BEFORE DELETE ON curves
BEGIN SELECT raise(ABORT, 'curves are never removed'); END;

CREATE VIEW leaderboard AS
SELECT
  rank() OVER (
    ORDER BY t.score IS NULL,
             t.score * iif(json_extract(s.resolved_spec, '$.objective.goal') IS 'maximize', -1, 1)
  ) AS rank,
  t.trial, t.state, t.score, t.std_error, t.best_round AS round, t.rounds, t.seconds,
  t.failure_kind, t.reason, t.configuration
FROM trials AS t, study AS s
WHERE t.state IN ('completed', 'pruned', 'failed', 'cancelled')
ORDER BY 1, t.trial;

CREATE VIEW rounds AS
SELECT
  c.trial, c.fold, c.part, c.metric, p.key + 1 AS round,
  CASE p.atom WHEN 'inf' THEN 9e999 WHEN '-inf' THEN -9e999
    ELSE p.atom END AS value
FROM trials AS t
JOIN curves AS c ON c.event = t.finished_event AND c.trial = t.trial
JOIN json_each(c.points) AS p
ORDER BY c.trial, c.position, p.key;

CREATE VIEW params AS
SELECT t.trial, p.key AS name, p.atom AS value
FROM trials AS t JOIN json_each(t.configuration) AS p
ORDER BY t.trial, p.key;
)sql";

constexpr const char* kStep2 = R"sql(
ALTER TABLE study ADD COLUMN decisions INTEGER NOT NULL DEFAULT 1;
)sql";

// The event of a confirmation is of this format; the view shows it to people.
constexpr const char* kStep3 = R"sql(
CREATE VIEW confirmations AS
SELECT
  trial, json_extract(body, '$.score') AS score, json_extract(body, '$.std_error') AS std_error,
  json_extract(body, '$.fold_scores') AS fold_scores,
  json_extract(body, '$.seconds') AS seconds
FROM events WHERE kind = 'trial_confirmed'
ORDER BY sequence;
)sql";

constexpr std::array<const char*, kNewestFormat> kSteps = {kStep1, kStep2, kStep3};

void TakeSteps(Database& database, int format) {
  for (; format < kNewestFormat; ++format) {
    database.Execute(kSteps[static_cast<std::size_t>(format)]);
  }
  database.Execute(fmt::format("PRAGMA user_version = {}", kNewestFormat).c_str());
}

}  // namespace

void MakeTables(Database& database) {
  database.Execute(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str());
  TakeSteps(database, 0);
}

int CheckedFormat(Database& database) {
  const std::int64_t format = database.Number("PRAGMA user_version");
  if (database.Number("PRAGMA application_id") != kApplicationId || format < 1) {
    throw Error(ErrorKind::kStore, fmt::format("`{}` is not a study of coppice", database.path()),
                {}, "name a study or its folder; `coppice status` lists the studies");
  }
  if (format > kNewestFormat) {
    throw Error(ErrorKind::kStore,
                fmt::format("`{}` was written by a newer coppice (format {}, this program reads up "
                            "to {})",
                            database.path(), format, kNewestFormat),
                {}, "use the newer coppice");
  }
  return static_cast<int>(format);
}

void Migrate(Database& database) {
  const int format = CheckedFormat(database);
  if (format == kNewestFormat) return;
  Transaction transaction(database, Transaction::Kind::kWrite);
  TakeSteps(database, format);
  transaction.Commit();
}

}  // namespace coppice::results
