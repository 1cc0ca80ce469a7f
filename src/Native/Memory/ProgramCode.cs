namespace ShimStack.Native.Memory;

/// <summary>The program's own code, and that of its libraries.</summary>
public static class ProgramCode
{
    /// <summary>
    /// Takes it out of this process's memory: for who has nothing to do for a while. It comes back page by page, from the page cache, as it is
    /// needed. Returns how many bytes of code there are. See program_code.c.
    /// </summary>
    public static long Release() => (long)LinuxCalls.shimstack_release_code();

    /// <summary>Has all of it in memory again; 0 where the kernel, older than 5.14, leaves that to the faults.</summary>
    public static long Take() => (long)LinuxCalls.shimstack_take_code();
}
