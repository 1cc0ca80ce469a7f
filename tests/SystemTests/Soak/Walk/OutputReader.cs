using System.Text;
using Microsoft.Win32.SafeHandles;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>
/// The client of one output stream: it holds what comes against what the worker writes, byte by byte, and can stop reading or go away. It has a
/// thread, as reading a FIFO waits.
/// </summary>
internal sealed class OutputReader : IDisposable
{
    // How soon a change of mind is noticed.
    private const int Look = 20;

    // Slow is less than a FIFO holds, and about 0.5 MB/s: never stuck, which is nothing taken for a second.
    private const int SlowBytes = 8192;
    private static readonly TimeSpan SlowPause = TimeSpan.FromMilliseconds(15);

    private readonly string _name;
    private readonly Thread _thread;
    private readonly AutoResetEvent _changed = new(false);
    private SafeFileHandle? _end;
    private volatile Reader _wanted;
    private volatile bool _isClosing;
    private volatile Reader _mode;
    private volatile string? _fault;
    private long _position;

    public OutputReader(string path, string name)
    {
        (Path, _name) = (path, name);
        Fifo.Make(path);
        _end = Fifo.OpenReader(path);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public string Path { get; }

    /// <summary>How many bytes have come, all of them right.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>The last writer has closed.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What came that should not have; null for nothing.</summary>
    public string? Fault => _fault;

    public Task TurnAsync(Reader mode)
    {
        _wanted = mode;
        _changed.Set();
        return Until.TrueAsync(() => _mode == mode || HasEnded, $"the reader of {_name}: {mode}");
    }

    public void Dispose()
    {
        _isClosing = true;
        _changed.Set();
        _thread.Join();
        _end?.Dispose();
        _changed.Dispose();
    }

    private void Run()
    {
        byte[] buffer = new byte[65536];
        byte[] slow = new byte[SlowBytes];
        while (!_isClosing && !HasEnded)
        {
            Turn();
            if (_mode is Reader.Away or Reader.Stopped)
            {
                _changed.WaitOne();
            }
            else
            {
                Read(_mode == Reader.Slow ? slow : buffer);
            }
        }
    }

    private void Read(byte[] buffer)
    {
        if (Fifo.Read(_end!, buffer, Look) is int count and >= 0)
        {
            Take(buffer.AsSpan(0, count));
        }

        if (_mode == Reader.Slow)
        {
            _changed.WaitOne(SlowPause);
        }
    }

    private void Turn()
    {
        Reader wanted = _wanted;
        if (wanted == Reader.Away)
        {
            _end?.Dispose();
            _end = null;
        }
        else
        {
            _end ??= Fifo.OpenReader(Path);
        }

        _mode = wanted;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        int difference = WorkerLines.Difference(_name, _position, bytes);
        if (difference >= 0)
        {
            string came = Encoding.ASCII.GetString(bytes[difference..Math.Min(difference + WorkerLines.Length, bytes.Length)]);
            _fault ??= $"{_name}: from byte {_position + difference} on there is not what was written, but: {came}";
        }

        Interlocked.Add(ref _position, bytes.Length);
        HasEnded = bytes.IsEmpty;
    }
}
