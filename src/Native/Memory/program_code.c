/*
 * Gives back the code of the program and its libraries: nobody has changed it, the file has it, and who needs a page again gets it from the page
 * cache by a minor fault. See dl_iterate_phdr(3), madvise(2), elf(5).
 *
 * Not their constants, though those are read-only, too: the .NET runtime unprotects a page of them at its start and puts its stack cookie
 * there, which would be gone.
 */
#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of Linux 5.14; older headers do not have it. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

struct advice {
    int advice;
    size_t bytes;
};

static int advise(struct dl_phdr_info *object, size_t size, void *data)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct advice *all = data;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & (PF_X | PF_W)) != PF_X)
            continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
        if (madvise((void *)start, end - start, all->advice) == 0)
            all->bytes += end - start;
    }
    return 0;
}

static size_t advise_all(int advice)
{
    struct advice all = { advice, 0 };
    dl_iterate_phdr(advise, &all);
    return all.bytes;
}

/* Both return how many bytes of code there are. */
size_t shimstack_release_code(void)
{
    return advise_all(MADV_DONTNEED);
}

/* All of it in one go, which costs less than a fault for each piece. An older kernel refuses, and has the faults. */
size_t shimstack_take_code(void)
{
    return advise_all(MADV_POPULATE_READ);
}
