using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>
/// The log files that are open, each once: two streams that name the same file must agree on when it is full. The options of
/// the one that opened it hold.
/// </summary>
internal sealed class LogFiles(ILogger logger)
{
    private const int DirectoryMode = 0b111_101_101;
    private const int FileMode = 0b110_100_100;
    private readonly List<LogFile> _open = [];

    /// <summary>Opens a file for one more stream, and makes it and the directories above it where they are missing.</summary>
    /// <exception cref="SyscallException">It cannot be made or opened; names it.</exception>
    /// <exception cref="RpcException">InvalidArgument: it is nothing to append to.</exception>
    public LogFile Open(string path, LogOptions options)
    {
        MakeParents(path);
        RequireAppendable(path, options);
        FileDescriptor file = OpenFile(path);
        string real = Files.RealPath(path);
        LogFile? log = _open.Find(open => open.Path == real);
        if (log is null)
        {
            _open.Add(log = new LogFile(real, options, file, logger));
        }
        else
        {
            file.Dispose();
        }

        log.Users++;
        return log;
    }

    /// <summary>The file at <paramref name="path"/> for a stream that was put down.</summary>
    public LogFile Rejoin(string path)
    {
        LogFile log = _open.Find(open => open.Path == path) ?? throw new InvalidDataException($"the log file {path} is in no record");
        log.Users++;
        return log;
    }

    /// <summary>A stream has ended; the file is closed with the last one.</summary>
    public void Leave(LogFile log)
    {
        if (--log.Users == 0)
        {
            _open.Remove(log);
            log.Close();
        }
    }

    public IEnumerable<LogFileRecord> PutDown(Inheritance left) => _open.ConvertAll(log => log.PutDown(left));

    /// <summary>Before the streams, which <see cref="Rejoin"/>.</summary>
    public void PickUp(IEnumerable<LogFileRecord> records)
    {
        foreach (LogFileRecord record in records)
        {
            _open.Add(LogFile.PickUp(record, logger));
        }
    }

    /// <summary>
    /// A symbolic link whose target is missing makes the target, as a shell's redirection does: that is how a log is sent to another
    /// disk before its first line.
    /// </summary>
    internal static FileDescriptor OpenFile(string path)
    {
        const OpenFlags Append = OpenFlags.O_WRONLY | OpenFlags.O_APPEND | OpenFlags.O_CREAT | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY;
        try
        {
            return Files.Open(path, Append, FileMode);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENOENT && Files.TryLinkStatus(path) is { Type: FileType.Symlink })
        {
            throw new SyscallException(e.Call, e.Errno, $"{path}, a symbolic link to {Files.ReadLink(path)}");
        }
    }

    // A FIFO would lose what its reader does not take at once: it is waited for under its plain path.
    private static void RequireAppendable(string path, LogOptions options)
    {
        FileType type = Files.TryStatus(path)?.Type ?? FileType.Regular;
        if (type is FileType.Fifo or FileType.Socket)
        {
            throw RpcException.InvalidArgument($"{path} is no file but a {type}: name it by its path, without file://");
        }

        if (type == FileType.CharDevice && options.MaxSize > 0)
        {
            throw RpcException.InvalidArgument($"log option max-size: {path} is a device");
        }
    }

    private static void MakeParents(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(parent) || Files.TryStatus(parent) is not null)
        {
            return;
        }

        MakeParents(parent);
        try
        {
            Files.MakeDirectory(parent, DirectoryMode);
        }
        catch (SyscallException e) when (e.Errno == Errno.EEXIST)
        {
            // Somebody else was quicker, or the path has "." or ".." in it; what it is shows when the file is opened.
        }
    }
}
