using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>
/// The file of a build, opened once: what was looked at is what is checked and executed, whatever the path leads to meanwhile. It will run as us, so
/// nobody else may have been able to write it.
/// </summary>
internal sealed class BuildFile : IDisposable
{
    private BuildFile(string path, FileDescriptor descriptor) => (Path, Descriptor) = (path, descriptor);

    public string Path { get; }

    public FileDescriptor Descriptor { get; }

    /// <summary>A path by which another process of ours finds this very file.</summary>
    public string LentPath => $"/proc/{CurrentProcess.Id}/fd/{Descriptor.Number}";

    /// <exception cref="UpgradeException">It is nothing that we would run.</exception>
    public static BuildFile Open(string path)
    {
        if (!path.StartsWith('/'))
        {
            throw new UpgradeException($"{path} is no absolute path");
        }

        try
        {
            FileDescriptor file = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK); // a FIFO must not hold us up
            try
            {
                Require(path, file);
                return new BuildFile(path, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (SyscallException e)
        {
            throw new UpgradeException($"{path} cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => Descriptor.Dispose();

    private static void Require(string path, FileDescriptor file)
    {
        if (ProgramFile.Fault(file, "shimstackd") is string fault)
        {
            throw new UpgradeException($"{path} {fault}");
        }
    }
}
