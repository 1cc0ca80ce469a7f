using System.Runtime.InteropServices;

namespace ShimStack.Native;

internal static unsafe partial class LinuxCalls
{
    [LibraryImport("libshimstack")]
    internal static partial nuint shimstack_release_code();

    [LibraryImport("libshimstack")]
    internal static partial nuint shimstack_take_code();

    [LibraryImport("libshimstack")]
    internal static partial void shimstack_way_back_end();
}
