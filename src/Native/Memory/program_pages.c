/*
 * Gives back the pages of the program and its libraries that nobody has changed: their file has them, and whoever needs one again gets it from
 * the page cache by a minor fault. A segment that is not writable was never written to, also not by relocation: those that are relocated and
 * write-protected afterwards (RELRO) lie in writable segments. See dl_iterate_phdr(3), madvise(2), elf(5).
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
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W)
            continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
        if (madvise((void *)start, end - start, MADV_DONTNEED) == 0)
            *released += end - start;
    }
    return 0;
}

/* Returns how many bytes of address space may have lost their pages. */
size_t shimstack_release_program_pages(void)
{
    size_t released = 0;
    dl_iterate_phdr(release, &released);
    return released;
}
