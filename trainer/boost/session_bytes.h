#pragma once
// How much memory a session takes, before there is one.

#include <cstddef>
#include <string>

#include "trainer/boost/session_data.h"
#include "trainer/params.h"

namespace coppice::trainer {

// The most bytes that a session on `data` holds at once for its rows: what it keeps from round to
// round (margins, gradients, the order of rows, labels) and what the hungriest step of a round
// needs on top. Trees, histograms, what a thread needs for a chunk of rows or for a query, and what
// a metric needs to judge a round come on top (trees and histograms: below). `params` name the
// number of classes.
std::size_t SessionBytes(const TrainParams& params, const SessionData& data, bool train_metrics);

// The most that its histograms take on so many threads.
std::size_t SessionHistogramBytes(const TrainParams& params, const BinnedMatrix& matrix,
                                  int threads);

// The most that its trees come to after all rounds, if each has all the leaves that it may have.
// Few do: a session that ends early, or whose leaves run out of rows, keeps much less.
std::size_t SessionTreeBytes(const TrainParams& params, const SessionData& data);

// The most that SaveState holds at once while it puts the state together, if trees are as large.
std::size_t SessionStateBytes(const TrainParams& params, const SessionData& data);

// Whether SessionBytes may depend on this parameter of a search. It is largest where each of them
// takes one of its outermost values.
bool DecidesSessionBytes(const std::string& parameter);

}  // namespace coppice::trainer
