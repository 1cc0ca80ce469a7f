namespace ShimStack.Native.Memory;

/// <summary>The pages of the program's own code and constants.</summary>
public static class ProgramPages
{
    /// <summary>
    /// Takes them out of this process's memory: for who has nothing to do for a while. They come back one by one, from the page cache, as they
    /// are needed. Returns over how many bytes of addresses they lay. See program_pages.c.
    /// </summary>
    public static long Release() => (long)LinuxCalls.shimstack_release_program_pages();
}
