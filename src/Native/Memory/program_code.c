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

static int release(struct dl_phdr_info *object, size_t size, void *data)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    size_t *released = data;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & (PF_X | PF_W)) != PF_X)
            continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
        if (madvise((void *)start, end - start, MADV_DONTNEED) == 0)
            *released += end - start;
    }
    return 0;
}

/* Returns how many bytes of code there are. */
size_t shimstack_release_code(void)
{
    size_t released = 0;
    dl_iterate_phdr(release, &released);
    return released;
}
