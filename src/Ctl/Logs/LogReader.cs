using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Logs;

/// <summary>One log file, read on from where it was left: only whole lines, since its shim may be in the middle of one.</summary>
internal sealed class LogReader(string path) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly FileDescriptor _file = Files.Open(path, OpenFlags.O_RDONLY);
    private byte[] _buffer = new byte[BufferSize];
    private int _length;

    /// <summary>Which file it is, whatever its name is by now.</summary>
    public ulong Inode => Files.Status(_file).Inode;

    public void PrintTo(LogPrinter printer)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            IoResult read = Files.Read(_file, _buffer.AsSpan(_length));
            if (!read.IsOk || read.IsEnd)
            {
                return;
            }

            _length += read.Count;
            PrintLines(printer);
        }
    }

    public void Dispose() => _file.Dispose();

    private void PrintLines(LogPrinter printer)
    {
        int start = 0;
        while (_buffer.AsSpan(start, _length - start).IndexOf((byte)'\n') is >= 0 and int length)
        {
            printer.Print(_buffer.AsSpan(start, length));
            start += length + 1;
        }

        _buffer.AsSpan(start, _length - start).CopyTo(_buffer);
        _length -= start;
    }
}
