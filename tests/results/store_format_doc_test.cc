// docs/store_format.md describes the file that coppice makes, and its queries run.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "results/store/sqlite_store.h"
#include "tests/results/contains.h"
#include "tests/results/query.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

std::string Page() {
  std::ifstream file(COPPICE_SOURCE_DIR "/docs/store_format.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

// The text between ```sql and ```.
std::vector<std::string> QueriesOf(const std::string& page) {
  const std::string open = "```sql\n";
  std::vector<std::string> queries;
  for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
    at += open.size();
    queries.push_back(page.substr(at, page.find("```", at) - at));
  }
  return queries;
}

class StoreFormatPage : public testing::Test {
 protected:
  StoreFormatPage() {
    const auto store = SqliteStore::Create(path_, SampleRecord());
    std::vector<study::StudyEvent> events;
    for (int k = 0; k <= 13; ++k) events.insert(events.end(), {Created(k), Started(k)});
    events.insert(events.end(),
                  {Scored(12, 0.5), Finished(13, study::Failed{study::FailureKind::kCrash, "x"})});
    Append(*store, events);
  }
  const std::string& path() const { return path_; }

 private:
  TempFolder folder_;
  const std::string path_ = folder_.File("study.db");
};

TEST_F(StoreFormatPage, NamesEveryTableViewAndColumn) {
  const std::string page = Page();
  const auto names = Query(path(),
                           "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') UNION "
                           "SELECT c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) "
                           "AS c WHERE m.type IN ('table', 'view')");
  EXPECT_GT(names.size(), 30u);
  for (const std::string& name : names) EXPECT_TRUE(Contains(page, "`" + name + "`"));
}

TEST_F(StoreFormatPage, NamesTheIdentityOfTheFile) {
  for (const char* pragma : {"PRAGMA application_id", "PRAGMA user_version"}) {
    const auto value = Query(path(), pragma);
    ASSERT_EQ(value.size(), 1u);
    EXPECT_TRUE(Contains(Page(), std::string("| `") + pragma + "` | "));
    EXPECT_TRUE(Contains(Page(), value[0]));
  }
}

TEST_F(StoreFormatPage, ShowsQueriesThatAnswer) {
  const auto queries = QueriesOf(Page());
  EXPECT_EQ(queries.size(), 3u);
  for (const std::string& query : queries) {
    const auto rows = Query(path(), query);
    ASSERT_FALSE(rows.empty()) << query;
    EXPECT_FALSE(rows[0].starts_with("error: ")) << rows[0];
  }
}

}  // namespace
}  // namespace coppice::results
