using System.Text;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Shim.Stdio.Logs;

namespace ShimStack.Shim.Tests.Stdio.Logs;

/// <summary>The formats, as kubelet and docker read them.</summary>
public class LogLinesTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2024, 2, 29, 23, 59, 58, TimeSpan.Zero).AddTicks(1_234_500));

    [Fact]
    public void ACriLineHasTimeStreamTagAndItsBytesAsTheyAre()
    {
        LogLines lines = new(LogFormat.Cri, "stdout", _time);
        Assert.Equal("2024-02-29T23:59:58.12345Z stdout F hello\r\n", Take(lines, "hello\r\n"));
        Assert.Equal("2024-02-29T23:59:58.12345Z stdout F \n", Take(lines, "\n"));
        _time.SetUtcNow(new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal("2024-03-01T00:00:00Z stdout F \u00e4\n", Take(lines, "\u00e4\n"));
    }

    [Fact]
    public void AJsonLineIsDockers()
    {
        LogLines lines = new(LogFormat.Json, "stderr", _time);
        const string Tail = "\",\"stream\":\"stderr\",\"time\":\"2024-02-29T23:59:58.12345Z\"}\n";
        Assert.Equal("{\"log\":\"hello\\n" + Tail, Take(lines, "hello\n"));
        Assert.Equal(
            "{\"log\":\"a\\\"b\\\\c\\td\\re\\u0001\\u003c\\u003e\\u0026\\u2028\u00e4\U0001f600\\n".Replace("\\t", "\\u0009", StringComparison.Ordinal) + Tail,
            Take(lines, "a\"b\\c\td\re\u0001<>&\u2028\u00e4\U0001f600\n"));
    }

    [Fact]
    public void BytesThatAreNoTextAreReplacedOneByOneInJsonOnly()
    {
        byte[] bytes = [0xff, (byte)'x', 0xe2, 0x82, (byte)'\n'];
        Assert.StartsWith("{\"log\":\"\\ufffdx\\ufffd\\ufffd\\n\"", Encoding.UTF8.GetString(new LogLines(LogFormat.Json, "stdout", _time).Take(bytes)), StringComparison.Ordinal);
        ReadOnlySpan<byte> cri = new LogLines(LogFormat.Cri, "stdout", _time).Take(bytes);
        Assert.Equal(bytes, cri[^bytes.Length..].ToArray());
    }

    [Fact]
    public void LinesThatComeInPiecesAreOneRecord()
    {
        LogLines lines = new(LogFormat.Cri, "stdout", _time);
        Assert.Equal("", Take(lines, "one "));
        Assert.Equal("", Take(lines, "line"));
        Assert.Equal("one line", Encoding.UTF8.GetString(lines.Begun));
        Assert.EndsWith(" F one line\n", Take(lines, "\nrest"), StringComparison.Ordinal);
        Assert.EndsWith(" P rest\n", Encoding.UTF8.GetString(lines.TakeEnd()), StringComparison.Ordinal);
        Assert.Equal("", Encoding.UTF8.GetString(lines.TakeEnd()));
    }

    [Theory]
    [InlineData(16384, "F16384")]
    [InlineData(16385, "P16384 F1")]
    [InlineData(40000, "P16384 P16384 F7232")]
    [InlineData(32768, "P16384 F16384")]
    public void AnOverLongLineIsSplitAt16KiB(int length, string records)
    {
        foreach (int chunk in (int[])[1, 1000, 4096, 100_000])
        {
            LogLines lines = new(LogFormat.Cri, "stdout", _time);
            StringBuilder all = new();
            string text = new string('x', length) + "\n";
            for (int i = 0; i < text.Length; i += chunk)
            {
                all.Append(Take(lines, text.Substring(i, Math.Min(chunk, text.Length - i))));
            }

            string[] found = [.. all.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(f => f[2] + f[3].Length)];
            Assert.Equal(records, string.Join(' ', found));
        }
    }

    [Fact]
    public void JsonKeepsACharacterThatTheLimitWouldCut()
    {
        LogLines lines = new(LogFormat.Json, "stdout", _time);
        string text = new string('x', 16382) + "\u20ac and more\n";
        string[] records = Take(lines, text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, records.Length);
        Assert.DoesNotContain("fffd", records[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"log\":\"\u20ac and more\\n\"", records[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { }, 0)]
    [InlineData(new byte[] { 0x41 }, 0)]
    [InlineData(new byte[] { 0x41, 0xe2 }, 1)]
    [InlineData(new byte[] { 0xe2, 0x82 }, 2)]
    [InlineData(new byte[] { 0xe2, 0x82, 0xac }, 0)]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x98 }, 3)]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x98, 0x80 }, 0)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80 }, 0)]
    [InlineData(new byte[] { 0xff }, 0)]
    public void OnlyABegunCharacterIsCut(byte[] bytes, int length) => Assert.Equal(length, Utf8Cut.LengthAtEnd(bytes));

    private static string Take(LogLines lines, string text) => Encoding.UTF8.GetString(lines.Take(Encoding.UTF8.GetBytes(text)));
}
