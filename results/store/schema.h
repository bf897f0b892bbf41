#pragma once
// The tables of a study's file, as numbered steps: step n leads from format n - 1 to format n.
// docs/store_format.md tells people what the tables mean.

#include "results/store/database.h"

namespace coppice::results {

// In SQLite's header of every study: tells a study from other SQLite files ("copp").
constexpr int kApplicationId = 0x636F7070;
// The format that this program writes: the number of steps.
constexpr int kNewestFormat = 3;

// Makes the tables in an empty file. Within the caller's transaction.
void MakeTables(Database& database);

// The format of the file. Throws Error (kStore) when it is not a study or newer than this program.
int CheckedFormat(Database& database);

// Takes the steps that are missing, in one transaction.
void Migrate(Database& database);

}  // namespace coppice::results
