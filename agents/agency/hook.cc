#include "agents/agency/hook.h"

#include "agents/agency/child.h"

namespace rujukan::agency {

Result<int> RunHook(const Hook& hook) {
  if (hook.argv.empty() || hook.argv[0].empty() || hook.argv[0][0] != '/') {
    return Fail(Errc::kUnavailable, "the command is not an absolute path");
  }
  ASSIGN_OR_RETURN(Child child,
                   Child::Start(hook.argv, /*input=*/-1, {hook.timeout_ms, hook.stopping}));
  return child.Await();
}

}  // namespace rujukan::agency
