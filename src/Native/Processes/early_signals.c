/*
 * Linked into a program that sets BlockSignalsEarly: runs before main, so before the .NET runtime makes a thread. Threads inherit the mask,
 * so nobody but a signalfd ever takes these signals. See signalfd(2), sigprocmask(2).
 */
#include <signal.h>
#include <stdlib.h>

__attribute__((constructor)) static void block_signals_early(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
        abort();
}
