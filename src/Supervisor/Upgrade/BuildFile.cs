using System.Buffers.Binary;
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
    private const int WritableByOthers = 0x12; // 0022
    private const int ExecutableByOwner = 0x40; // 0100
    private const int HeaderLength = 20;
    private const int MachineOffset = 18;

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
        FileStatus status = Files.Status(file);
        string? fault = status switch
        {
            { Type: not FileType.Regular } => "is no regular file",
            _ when (status.Mode & ExecutableByOwner) == 0 => "is not executable",
            _ when status.Uid != 0 && status.Uid != CurrentProcess.EffectiveUserId => $"belongs to the user {status.Uid}, and would run as ours",
            _ when (status.Mode & WritableByOthers) != 0 => $"may be written by others (mode {Convert.ToString(status.Mode, 8)}), and would run as ours",
            _ => FaultOfHeader(file),
        };
        if (fault is not null)
        {
            throw new UpgradeException($"{path} {fault}");
        }
    }

    // See elf(5): magic, class and byte order, then e_machine.
    private static string? FaultOfHeader(FileDescriptor file)
    {
        Span<byte> header = stackalloc byte[HeaderLength], own = stackalloc byte[HeaderLength];
        using FileDescriptor self = Files.Open("/proc/self/exe", OpenFlags.O_RDONLY);
        if (Files.ReadAt(self, own, 0).Count < HeaderLength || Files.ReadAt(file, header, 0).Count < HeaderLength)
        {
            return "is no program";
        }

        if (header.StartsWith("#!"u8))
        {
            return "is a script, and no build of shimstackd";
        }

        if (!header[..4].SequenceEqual(own[..4]))
        {
            return "is no program";
        }

        ushort machine = BinaryPrimitives.ReadUInt16LittleEndian(header[MachineOffset..]);
        return header[4..6].SequenceEqual(own[4..6]) && machine == BinaryPrimitives.ReadUInt16LittleEndian(own[MachineOffset..])
            ? null
            : "is a program of another architecture";
    }
}
