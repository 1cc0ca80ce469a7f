/*
 * A user namespace exists as long as somebody is in it or holds it open. So: a child that does nothing is put into a new one, its maps are
 * written from outside (root may, without the setgroups dance of user_namespaces(7)), the namespace is opened, and the child is killed.
 *
 * The child has no exit signal: nobody gets a SIGCHLD, and a wait without __WALL or __WCLONE (the reaper's) does not see it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The order is that of UserNamespaceStep.cs. */
enum step { NO_STEP, STEP_CLONE, STEP_UID_MAP, STEP_GID_MAP, STEP_OPEN };

static _Noreturn void stand_still(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(0);
    for (;;)
        pause();
}

static int open_of(pid_t pid, const char *name, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return open(path, flags | O_CLOEXEC);
}

/* A map is taken in one write or not at all. */
static int write_map(pid_t pid, const char *name, const char *map)
{
    int fd = open_of(pid, name, O_WRONLY);
    if (fd < 0)
        return -1;
    ssize_t written = write(fd, map, strlen(map));
    int error = errno;
    close(fd);
    errno = error;
    return written < 0 ? -1 : 0;
}

/* Returns the descriptor of the namespace, or -1 with *step and *error set. The maps are in the form of user_namespaces(7). */
int shimstack_user_namespace(const char *uid_map, const char *gid_map, int *step, int *error)
{
    static const unsigned long all_signals = ~0ul;
    unsigned long previous;
    pid_t parent = getpid();
    int fd = -1;

    /* Blocked in the child too: no handler of the runtime may run there. Descriptors are shared, so that it holds none of them open. */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, &previous, sizeof previous);
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | CLONE_FILES, NULL, NULL, NULL, 0);
    if (pid == 0)
        stand_still(parent);
    *step = STEP_CLONE;
    *error = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &previous, NULL, sizeof previous);
    if (pid < 0)
        return -1;

    *step = STEP_UID_MAP;
    if (write_map(pid, "uid_map", uid_map) == 0) {
        *step = STEP_GID_MAP;
        if (write_map(pid, "gid_map", gid_map) == 0) {
            *step = STEP_OPEN;
            fd = open_of(pid, "ns/user", O_RDONLY);
        }
    }
    *error = errno;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) {
    }
    return fd;
}
