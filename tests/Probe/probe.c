/*
 * probe guard COMMAND...: runs the command below a subreaper that reaps, so that whatever the command orphans lands here and "nothing is left" can
 * be said exactly, also where pid 1 does not reap. When the command ends, what is still there is named on stderr and killed.
 * Exit code: the command's; LEFT_BEHIND if it succeeded and left something; 128 + signal if a signal ended it. See prctl(2), PR_SET_CHILD_SUBREAPER.
 *
 * probe end FILE CODE: the last thing that a container's process does: it writes the time, in nanoseconds of CLOCK_REALTIME, to the file, and ends
 * with the code; or by SIGSEGV for the code "signal".
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { USAGE = 2, LEFT_BEHIND = 99, NOT_STARTED = 127 };

static pid_t command;

static void forward(int signal_number)
{
    kill(command, signal_number);
}

/* The parent of a process, or -1. The name in /proc/PID/stat may hold anything, so the fields are read from its last ')'. */
static pid_t parent_of(pid_t pid)
{
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -1;
    }
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = '\0';
    char *end = strrchr(line, ')');
    int parent = -1;
    return end != NULL && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : -1;
}

static void name(pid_t pid)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    FILE *file = fopen(path, "re");
    size_t length = file == NULL ? 0 : fread(line, 1, sizeof line - 1, file);
    if (file != NULL) {
        fclose(file);
    }
    for (size_t i = 0; i < length; i++) {
        line[i] = line[i] == '\0' ? ' ' : line[i];
    }
    line[length] = '\0';
    fprintf(stderr, "left behind: %d %s\n", pid, line);
}

/* Kills the direct children, with their names told; children of theirs become ours and are met by the next round. Returns how many there were. */
static int kill_children(void)
{
    int count = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *entry = proc == NULL ? NULL : readdir(proc); entry != NULL; entry = readdir(proc)) {
        pid_t pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : -1;
        if (pid > 0 && parent_of(pid) == getpid()) {
            name(pid);
            kill(pid, SIGKILL);
            count++;
        }
    }
    if (proc != NULL) {
        closedir(proc);
    }
    return count;
}

/* Reaps until the command has ended; its wait status. */
static int reap_until_done(void)
{
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid == command) {
            return status;
        }
        if (pid < 0 && errno != EINTR) {
            return -1;
        }
    }
}

static int guard(char **arguments)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    command = fork();
    if (command == 0) {
        execvp(arguments[0], arguments);
        perror(arguments[0]);
        _exit(NOT_STARTED);
    }
    signal(SIGINT, SIG_IGN); /* the terminal sends it to the command as well */
    signal(SIGTERM, forward);
    int status = reap_until_done();
    int left = 0;
    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        left += kill_children();
        waitpid(-1, NULL, 0);
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return code == 0 && left > 0 ? LEFT_BEHIND : code;
}

static int end(const char *path, const char *code)
{
    FILE *file = fopen(path, "we");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (file == NULL || fprintf(file, "%lld", (long long)now.tv_sec * 1000000000 + now.tv_nsec) < 0 || fclose(file) != 0) {
        perror(path);
        return USAGE;
    }
    if (strcmp(code, "signal") == 0) {
        raise(SIGSEGV);
    }
    return atoi(code);
}

int main(int count, char **arguments)
{
    if (count == 4 && strcmp(arguments[1], "end") == 0) {
        return end(arguments[2], arguments[3]);
    }
    if (count >= 3 && strcmp(arguments[1], "guard") == 0) {
        return guard(arguments + 2);
    }
    fprintf(stderr, "usage: probe guard COMMAND... | end FILE CODE\n");
    return USAGE;
}
