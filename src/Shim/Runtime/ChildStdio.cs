using ShimStack.Native;

namespace ShimStack.Shim.Runtime;

/// <summary>
/// The ends that a container process gets as its standard streams; a missing one is /dev/null. They are closed as soon as the
/// runtime has them: a copy left open in the shim would keep every reader from seeing the end of file.
/// </summary>
internal sealed record ChildStdio(FileDescriptor? Stdin, FileDescriptor? Stdout, FileDescriptor? Stderr) : IDisposable
{
    public void Dispose()
    {
        Stdin?.Dispose();
        Stdout?.Dispose();
        Stderr?.Dispose();
    }
}
