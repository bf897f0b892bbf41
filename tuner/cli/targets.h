#pragma once
// What a word of the command line is, when it is not what the verb wants: a spec in place of a
// study, a table in place of a model. Only looked at on the way to an error.

#include <string>

#include "base/error.h"
#include "tuner/cli/command.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {

// FindStudy. Throws Error (kUsage) that says what the word is instead.
StudyFolder FindStudyOrSay(CommandLine& line, const std::string& word);

// ReadSpec. Throws Error (kUsage) where the file is a model, or the word a study.
Spec ReadSpecOrSay(CommandLine& line, const std::string& word, const Overrides& overrides,
                   SpecUse use = SpecUse::kTrain);

// Throws Error (kUsage) where `model` is a table or a spec, or `data` a model or a study; `verb`
// takes them in this order.
void RefuseSwapped(CommandLine& line, const std::string& verb, const std::string& model,
                   const std::string& data);

}  // namespace coppice::tuner
