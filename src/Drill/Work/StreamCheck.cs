using System.Globalization;
using System.Text;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Work;

/// <summary>Holds what comes of a stream against what its worker writes, line by line, however it is cut.</summary>
/// <param name="record">What is found goes there.</param>
/// <param name="name">The worker's.</param>
/// <param name="stream">1 or 2.</param>
internal sealed class StreamCheck(StreamRecord record, string name, int stream)
{
    private readonly byte[] _line = new byte[WorkerLine.Length];
    private int _filled;

    /// <summary>
    /// Takes the next bytes. After the first fault only their number counts: what follows a lost byte is all out of place.
    /// </summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        record.Bytes += bytes.Length;
        while (bytes.Length > 0 && record.Fault is null)
        {
            int count = Math.Min(bytes.Length, WorkerLine.Length - _filled);
            bytes[..count].CopyTo(_line.AsSpan(_filled));
            bytes = bytes[count..];
            _filled += count;
            if (_filled == WorkerLine.Length)
            {
                Check();
                _filled = 0;
            }
        }
    }

    private void Check()
    {
        if (WorkerLine.TryTime(_line, name, stream, record.Lines) is long microseconds)
        {
            record.Lines++;
            record.Beats.Add(microseconds * WorkerLine.NanosecondsPerMicrosecond);
            return;
        }

        string came = Encoding.ASCII.GetString(_line).TrimEnd('\n');
        record.Fault = string.Create(CultureInfo.InvariantCulture,
            $"at line {record.Lines} (byte {record.Lines * WorkerLine.Length}) came: {came}");
    }
}
