/*
 * Starts a program from a process with many threads and a garbage collector.
 *
 * Constraints: managed code cannot run in a forked child, and posix_spawn has no PDEATHSIG. So the child is made here, with
 * clone(CLONE_VM | CLONE_VFORK): it borrows our memory, and the calling thread stands still until the child has called execve or has ended.
 * Therefore:
 *  - the parent blocks all signals around it, so that no handler (the runtime has some) runs in the child on borrowed memory;
 *  - the child makes system calls and writes to its own stack and to `outcome` only: no allocation, no lock, no stdio;
 *  - a failed step reaches the parent through the memory itself, no pipe is needed.
 *
 * PR_SET_PDEATHSIG fires when the *thread* that spawned ends, not the process (prctl(2)): call this from a thread that lives as long as the
 * child may.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_DESCRIPTORS = 64, STACK_SIZE = 32 * 1024, LAST_SIGNAL = 64 };

/* The order is that of SpawnStep.cs. */
enum step {
    NO_STEP,
    STEP_CLONE,
    STEP_SIGACTION,
    STEP_SETPGID,
    STEP_PRCTL,
    STEP_CHDIR,
    STEP_FCNTL,
    STEP_DUP2,
    STEP_OPEN,
    STEP_CLOSE_RANGE,
    STEP_SIGMASK,
    STEP_EXECVE,
};

enum { DIE_WITH_PARENT = 1, NEW_PROCESS_GROUP = 2 };

/* The layout is that of SpawnBlock.cs. */
struct spawn_request {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *working_directory; /* or NULL */
    const int *sources;
    const int *targets;
    int descriptor_count;
    int flags;
};

struct outcome {
    volatile int step;
    volatile int error;
};

struct child {
    const struct spawn_request *request;
    struct outcome *outcome;
    pid_t parent;
    int moved[MAX_DESCRIPTORS];
};

static const unsigned long all_signals = ~0ul;
static const unsigned long no_signals = 0;

/* The raw call, because the C library keeps its two own signals out of sigprocmask. */
static int set_mask(const unsigned long *mask, unsigned long *previous)
{
    return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, previous, sizeof *mask);
}

static _Noreturn void fail(const struct child *child, enum step step)
{
    child->outcome->error = errno;
    child->outcome->step = step;
    _exit(127);
}

/* Handlers must go before the mask does; ignored signals (SIGPIPE) would survive execve. A struct kernel_sigaction of zeros is SIG_DFL. */
static void reset_signals(const struct child *child)
{
    static const unsigned long default_action[4];
    for (int number = 1; number <= LAST_SIGNAL; number++) {
        if (number == SIGKILL || number == SIGSTOP)
            continue;
        if (syscall(SYS_rt_sigaction, number, default_action, NULL, sizeof(unsigned long)) != 0)
            fail(child, STEP_SIGACTION);
    }
}

static void tie_to_parent(const struct child *child)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        fail(child, STEP_PRCTL);
    if (getppid() != child->parent) /* it ended before prctl: the signal will never come */
        _exit(128 + SIGKILL);
}

static int is_target(const struct spawn_request *request, int fd)
{
    for (int i = 0; i < request->descriptor_count; i++)
        if (request->targets[i] == fd)
            return 1;
    return 0;
}

static int highest_target(const struct spawn_request *request)
{
    int highest = 2;
    for (int i = 0; i < request->descriptor_count; i++)
        if (request->targets[i] > highest)
            highest = request->targets[i];
    return highest;
}

/* Sources that a target could overwrite move out of the way first; dup2 then leaves every target open across execve. */
static void place_descriptors(struct child *child, int highest)
{
    const struct spawn_request *request = child->request;
    for (int i = 0; i < request->descriptor_count; i++) {
        int source = request->sources[i];
        child->moved[i] = source > highest ? source : fcntl(source, F_DUPFD_CLOEXEC, highest + 1);
        if (child->moved[i] < 0)
            fail(child, STEP_FCNTL);
    }
    for (int i = 0; i < request->descriptor_count; i++)
        if (dup2(child->moved[i], request->targets[i]) < 0)
            fail(child, STEP_DUP2);
}

static void fill_standard_descriptors(const struct child *child)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (is_target(child->request, fd))
            continue;
        int null = open("/dev/null", O_RDWR);
        if (null < 0)
            fail(child, STEP_OPEN);
        if (dup2(null, fd) < 0)
            fail(child, STEP_DUP2);
        if (null > 2) /* else it is one of the three itself; each is filled again or has its place */
            close(null);
    }
}

static void close_others(const struct child *child, int highest)
{
    for (int fd = 3; fd <= highest; fd++)
        if (!is_target(child->request, fd))
            close(fd);
    if (syscall(SYS_close_range, (unsigned)highest + 1, ~0u, 0) != 0)
        fail(child, STEP_CLOSE_RANGE);
}

static int run_child(void *argument)
{
    struct child *child = argument;
    const struct spawn_request *request = child->request;
    int highest = highest_target(request);

    reset_signals(child);
    if ((request->flags & NEW_PROCESS_GROUP) && setpgid(0, 0) != 0)
        fail(child, STEP_SETPGID);
    if (request->flags & DIE_WITH_PARENT)
        tie_to_parent(child);
    if (request->working_directory != NULL && chdir(request->working_directory) != 0)
        fail(child, STEP_CHDIR);
    place_descriptors(child, highest);
    fill_standard_descriptors(child);
    close_others(child, highest);
    if (set_mask(&no_signals, NULL) != 0)
        fail(child, STEP_SIGMASK);
    execve(request->path, request->arguments, request->environment);
    fail(child, STEP_EXECVE);
}

/*
 * Returns the pid, or -1 with *step and *error set. A child that failed before execve is already reaped: nobody else sees it.
 */
int shimstack_spawn(const struct spawn_request *request, int *step, int *error)
{
    _Alignas(16) char stack[STACK_SIZE];
    struct outcome outcome = { NO_STEP, 0 };
    struct child child = { .request = request, .outcome = &outcome, .parent = getpid() };
    unsigned long previous;
    pid_t pid;

    if (request->descriptor_count > MAX_DESCRIPTORS) {
        *step = STEP_DUP2;
        *error = EMFILE;
        return -1;
    }
    if (set_mask(&all_signals, &previous) != 0) {
        *step = STEP_SIGMASK;
        *error = errno;
        return -1;
    }
    pid = clone(run_child, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, &child);
    if (pid < 0) {
        outcome.step = STEP_CLONE;
        outcome.error = errno;
    } else if (outcome.step != NO_STEP) {
        while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) {
        }
    }
    set_mask(&previous, NULL);
    *step = outcome.step;
    *error = outcome.error;
    return outcome.step == NO_STEP ? pid : -1;
}
