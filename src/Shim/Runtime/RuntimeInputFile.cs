using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Runtime;

/// <summary>
/// A file that hands an OCI document to the runtime (exec's process, update's resources); readable by us only (it may hold secrets in its
/// environment) and gone after the call.
/// </summary>
internal sealed class RuntimeInputFile : IDisposable
{
    private RuntimeInputFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>
    /// Writes <paramref name="document"/> to a new file in <paramref name="bundle"/>, which the daemon removes even after a shim that was
    /// killed meanwhile.
    /// </summary>
    /// <exception cref="SyscallException">The file could not be made or written.</exception>
    public static RuntimeInputFile Write(string bundle, ReadOnlyMemory<byte> document)
    {
        string path = System.IO.Path.Join(bundle, $"runtime-input-{Guid.NewGuid():N}");
        using FileDescriptor file = Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, 0b110_000_000);
        RuntimeInputFile written = new(path);
        try
        {
            Files.WriteAll(file, document.Span, path);
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
