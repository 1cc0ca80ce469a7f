/* Loaded in front of libc by LD_PRELOAD: a call that has a file of its name in the folder SHIMSTACK_FAILING_CALLS fails once, with the errno that the
   file holds. So a shim meets what the kernel does not do on demand. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(const char *call)
{
    const char *folder = getenv("SHIMSTACK_FAILING_CALLS");
    char path[4096];
    char number[16];
    if (folder == NULL || snprintf(path, sizeof path, "%s/%s", folder, call) >= (int)sizeof path) {
        return 0;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    ssize_t length = read(file, number, sizeof number - 1);
    close(file);
    number[length > 0 ? length : 0] = 0;
    if (unlink(path) != 0) {
        return 0;
    }
    errno = atoi(number);
    return 1;
}

/* "start": the next program that is started with us hangs. */
__attribute__((constructor)) static void start(void)
{
    if (fails("start")) {
        pause();
    }
}

int memfd_create(const char *name, unsigned flags)
{
    return fails("memfd_create") ? -1 : (int)((long (*)(long, ...))dlsym(RTLD_NEXT, "syscall"))(SYS_memfd_create, name, flags);
}

int signalfd(int descriptor, const void *mask, int flags)
{
    if (fails("signalfd_hangs")) {
        for (;;) {
            pause();
        }
    }
    return fails("signalfd") ? -1 : ((int (*)(int, const void *, int))dlsym(RTLD_NEXT, "signalfd"))(descriptor, mask, flags);
}

long syscall(long number, ...)
{
    va_list list;
    va_start(list, number);
    long first = va_arg(list, long), second = va_arg(list, long), third = va_arg(list, long);
    long fourth = va_arg(list, long), fifth = va_arg(list, long), sixth = va_arg(list, long);
    va_end(list);
    if (number == SYS_execveat && fails("execveat")) {
        return -1;
    }
    return ((long (*)(long, ...))dlsym(RTLD_NEXT, "syscall"))(number, first, second, third, fourth, fifth, sixth);
}
