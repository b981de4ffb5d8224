#include "kb/shell/interrupt.h"

#include <sys/time.h>

#include <atomic>
#include <csignal>

namespace kb::shell {
namespace {

// What a signal handler may touch: lock-free atomics only.
std::atomic<Session*> running_session{nullptr};
std::atomic<Cancellation*> running_flag{nullptr};
std::atomic<bool> was_interrupted{false};
std::atomic<bool> was_timed_out{false};

struct sigaction former_interrupt;
struct sigaction former_alarm;

void Stop(int signal) {
  (signal == SIGALRM ? was_timed_out : was_interrupted).store(true);
  if (Session* session = running_session.load()) session->Interrupt();
  if (Cancellation* flag = running_flag.load()) flag->Request();
}

void Install(Session* session, Cancellation* flag) {
  running_session.store(session);
  running_flag.store(flag);
  was_interrupted.store(false);
  was_timed_out.store(false);
  struct sigaction action {};
  action.sa_handler = Stop;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &former_interrupt);
  sigaction(SIGALRM, &action, &former_alarm);
}

void SetAlarm(std::chrono::milliseconds after) {
  itimerval timer{};
  timer.it_value.tv_sec = after.count() / 1000;
  timer.it_value.tv_usec = after.count() % 1000 * 1000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard(Session& session, std::optional<std::chrono::milliseconds> timeout) {
  Install(&session, nullptr);
  if (timeout) SetAlarm(*timeout);
}

InterruptGuard::InterruptGuard(Cancellation& cancellation) { Install(nullptr, &cancellation); }

InterruptGuard::~InterruptGuard() {
  SetAlarm(std::chrono::milliseconds(0));
  running_session.store(nullptr);
  running_flag.store(nullptr);
  sigaction(SIGINT, &former_interrupt, nullptr);
  sigaction(SIGALRM, &former_alarm, nullptr);
}

bool InterruptGuard::interrupted() const { return was_interrupted.load(); }
bool InterruptGuard::timed_out() const { return was_timed_out.load(); }

}  // namespace kb::shell
