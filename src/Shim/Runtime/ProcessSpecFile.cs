using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Runtime;

/// <summary>
/// The file that hands an OCI process document to <c>exec --process</c>; readable by us only (it may hold secrets in its
/// environment) and gone after the call.
/// </summary>
internal sealed class ProcessSpecFile : IDisposable
{
    private ProcessSpecFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>Writes <paramref name="spec"/> to a new file below $XDG_RUNTIME_DIR or the temporary directory.</summary>
    /// <exception cref="SyscallException">The file could not be made or written.</exception>
    public static ProcessSpecFile Write(ReadOnlyMemory<byte> spec)
    {
        string directory = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
            ? runtime
            : System.IO.Path.GetTempPath();
        string path = System.IO.Path.Join(directory, $"runc-process{Guid.NewGuid():N}");
        using FileDescriptor file = Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, 0b110_000_000);
        ProcessSpecFile written = new(path);
        try
        {
            SmallFile.WriteAll(file, spec.Span, path);
            return written;
        }
        catch (SyscallException)
        {
            written.Dispose();
            throw;
        }
    }

    public void Dispose() => Files.TryUnlink(Path);
}
