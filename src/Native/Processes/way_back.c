/*
 * The way back of a program that was executed in the place of another one and hangs before it can do anything: when its time is over, the program
 * before is executed again, by the same thread, with what it had left for that. Armed before main, so that whatever hangs after that is met; a
 * timer goes with the program, so neither the one before nor anybody else ever hears of it. See timer_create(2), execveat(2), signal-safety(7).
 *
 * SHIMSTACK_WAY_BACK=MILLISECONDS,PROGRAM,STATE,DESCRIPTOR,...: the descriptors of the program before and of its state, and those that are to be
 * open in it. It is taken out of the environment here.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define VARIABLE "SHIMSTACK_WAY_BACK"
#define STATE "SHIMSTACK_STATE"

enum { MILLISECONDS, PROGRAM, STATE_FILE, FIRST };

static int *numbers;
static int count;
static int timer;
static int own_state = -1;
static volatile sig_atomic_t armed;
static char **arguments;
static char **environment;
static char state[sizeof STATE "=" + 3 * sizeof(int)];

static void mark(int flags)
{
    for (int i = STATE_FILE; i < count; i++)
        fcntl(numbers[i], F_SETFD, flags);
}

static void go_back(int signal_number)
{
    sigset_t own;
    (void)signal_number;
    if (!armed)
        return;
    armed = 0;
    fcntl(own_state, F_SETFD, FD_CLOEXEC); /* they may not have been marked yet; if they are others by now, they are marked already */
    fcntl(numbers[PROGRAM], F_SETFD, FD_CLOEXEC);
    mark(0);
    sigemptyset(&own);
    sigaddset(&own, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &own, NULL); /* the mask lasts through execve */
    syscall(SYS_execveat, numbers[PROGRAM], "", arguments, environment, AT_EMPTY_PATH);
    mark(FD_CLOEXEC); /* then only waiting is left */
}

static int parse(const char *text)
{
    numbers = malloc((strlen(text) / 2 + 1) * sizeof(int));
    while (numbers != NULL && *text != 0) {
        char *end;
        long number = strtol(text, &end, 10);
        if (end == text || number < 0 || number > INT_MAX || (*end != ',' && *end != 0))
            return 0;
        numbers[count++] = (int)number;
        text = *end == ',' ? end + 1 : end;
    }
    return numbers != NULL && count >= FIRST;
}

/* The environment for the program before: this one, with its state. */
static int make_environment(char **envp)
{
    int length = 0;
    while (envp[length] != NULL)
        length++;
    environment = calloc((size_t)length + 2, sizeof(char *));
    if (environment == NULL)
        return 0;
    int left = 0;
    for (int i = 0; i < length; i++) {
        if (strncmp(envp[i], STATE "=", sizeof STATE) != 0)
            environment[left++] = envp[i];
    }
    snprintf(state, sizeof state, STATE "=%d", numbers[STATE_FILE]);
    environment[left] = state;
    return 1;
}

static int start_timer(void)
{
    struct sigaction action = { .sa_handler = go_back };
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };
    struct itimerspec time = { .it_value = { numbers[MILLISECONDS] / 1000, numbers[MILLISECONDS] % 1000 * 1000000L } };
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid); /* the first thread: that one is the process after execve */
    if (sigaction(SIGALRM, &action, NULL) != 0 || syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) != 0)
        return 0;
    armed = 1;
    return syscall(SYS_timer_settime, timer, 0, &time, NULL) == 0;
}

__attribute__((constructor)) static void arm(int argc, char **argv, char **envp)
{
    const char *text = getenv(VARIABLE);
    (void)argc;
    if (text == NULL)
        return;
    int known = parse(text);
    const char *own = getenv(STATE);
    own_state = own == NULL ? -1 : atoi(own);
    unsetenv(VARIABLE); /* moves what is behind it: the strings stay where they are */
    arguments = argv;
    if (!known || !make_environment(envp) || !start_timer())
        armed = 0; /* as it is without a way back */
}

/* On the first thread, before anything is done that the program before would not know of. */
void shimstack_way_back_end(void)
{
    if (armed) {
        armed = 0;
        syscall(SYS_timer_delete, timer);
    }
}
