using System.Buffers.Binary;
using System.Globalization;
using ShimStack.Native.Files;

namespace ShimStack.Native.Processes;

/// <summary>
/// The file of a build that is to run in our place, opened once: what was looked at is what is checked and executed, whatever the path leads to meanwhile.
/// It will run as us, so nobody else may have been able to write it.
/// </summary>
public sealed class BuildFile : IDisposable
{
    private const int WritableByOthers = 0x12; // 0022
    private const int ExecutableByOwner = 0x40; // 0100
    private const int HeaderLength = 20;
    private const int MachineOffset = 18;

    private BuildFile(string path, FileDescriptor descriptor) => (Path, Descriptor) = (path, descriptor);

    /// <summary>As it was given.</summary>
    public string Path { get; }

    /// <summary>Open for reading, until this is disposed of.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>A path by which another process of ours finds this very file. See proc_pid_fd(5).</summary>
    public string LentPath => string.Create(CultureInfo.InvariantCulture, $"/proc/{CurrentProcess.Id}/fd/{Descriptor.Number}");

    /// <summary>Opens it and looks at it. See inode(7), elf(5).</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">Of the program that it should be a build of.</param>
    /// <exception cref="BuildFileException">It is nothing that we would run.</exception>
    public static BuildFile Open(string path, string name)
    {
        if (!path.StartsWith('/'))
        {
            throw new BuildFileException($"{path} is no absolute path");
        }

        FileDescriptor? file = null;
        try
        {
            file = Native.Files.Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK); // a FIFO must not hold us up
            if (Fault(file, name) is string fault)
            {
                throw new BuildFileException($"{path} {fault}");
            }

            BuildFile build = new(path, file);
            file = null;
            return build;
        }
        catch (SyscallException e)
        {
            throw new BuildFileException($"{path} cannot be read: {e.Message}", e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    public void Dispose() => Descriptor.Dispose();

    // What is wrong with it, as the rest of a sentence that begins with its path; null if nothing is.
    private static string? Fault(FileDescriptor file, string name)
    {
        FileStatus status = Native.Files.Files.Status(file);
        return status switch
        {
            { Type: not FileType.Regular } => "is no regular file",
            _ when (status.Mode & ExecutableByOwner) == 0 => "is not executable",
            _ when status.Uid != 0 && status.Uid != CurrentProcess.EffectiveUserId => $"belongs to the user {status.Uid}, and would run as ours",
            _ when (status.Mode & WritableByOthers) != 0 => $"may be written by others (mode {Convert.ToString(status.Mode, 8)}), and would run as ours",
            _ => FaultOfHeader(file, name),
        };
    }

    // Magic, class and byte order, then e_machine.
    private static string? FaultOfHeader(FileDescriptor file, string name)
    {
        Span<byte> header = stackalloc byte[HeaderLength], own = stackalloc byte[HeaderLength];
        using FileDescriptor self = Native.Files.Files.Open("/proc/self/exe", OpenFlags.O_RDONLY);
        if (Native.Files.Files.ReadAt(self, own, 0).Count < HeaderLength || Native.Files.Files.ReadAt(file, header, 0).Count < HeaderLength)
        {
            return "is no program";
        }

        if (header.StartsWith("#!"u8))
        {
            return $"is a script, and no build of {name}";
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
