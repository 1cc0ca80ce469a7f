using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Upgrade;

/// <summary>The file of a build, opened once: what was looked at is what is checked and executed, whatever the path leads to meanwhile.</summary>
internal sealed class BuildFile : IDisposable
{
    private BuildFile(string path, FileDescriptor descriptor) => (Path, Descriptor) = (path, descriptor);

    public string Path { get; }

    public FileDescriptor Descriptor { get; }

    /// <summary>A path by which a child finds this very file.</summary>
    public string LentPath => string.Create(CultureInfo.InvariantCulture, $"/proc/{CurrentProcess.Id}/fd/{Descriptor.Number}");

    /// <exception cref="RpcException">FailedPrecondition: it is nothing that we would run.</exception>
    public static BuildFile Open(string path)
    {
        if (!path.StartsWith('/'))
        {
            throw RpcException.InvalidArgument($"{path} is no absolute path");
        }

        FileDescriptor? file = null;
        try
        {
            file = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK); // a FIFO must not hold us up
            if (ProgramFile.Fault(file, "the shim") is string fault)
            {
                throw new RpcException(RpcCode.FailedPrecondition, $"{path} {fault}");
            }

            BuildFile build = new(path, file);
            file = null;
            return build;
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.FailedPrecondition, $"{path} cannot be read: {e.Message}", e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    public void Dispose() => Descriptor.Dispose();
}
