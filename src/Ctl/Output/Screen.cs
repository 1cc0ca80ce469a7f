using System.Text;
using System.Text.Json;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Output;

/// <summary>Where words go: answers to stdout, complaints to stderr. Colours only on a terminal, and not where NO_COLOR is set.</summary>
internal sealed class Screen(bool json)
{
    public static readonly FileDescriptor Input = FileDescriptor.Take(0);
    public static readonly FileDescriptor Output = FileDescriptor.Take(1);
    public static readonly FileDescriptor Error = FileDescriptor.Take(2);

    /// <summary>Answers may have colours.</summary>
    public static bool HasColours => Terminal.IsTerminal(Output) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Answers are JSON.</summary>
    public bool IsJson => json;

    public static void Write(FileDescriptor stream, string text) => Bytes(stream, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes all of it; false when nobody reads any more.</summary>
    public static bool Bytes(FileDescriptor stream, ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0)
        {
            if (Files.Write(stream, rest) is not { IsOk: true } written)
            {
                return false;
            }

            rest = rest[written.Count..];
        }

        return true;
    }

    public static void Line(string text) => Write(Output, text + "\n");

    public static void Table(TextTable table)
    {
        bool terminal = Terminal.IsTerminal(Output);
        int? width = terminal && Terminal.Size(Output) is { Columns: > 0 } size ? size.Columns : null;
        Write(Output, table.ToText(width, HasColours));
    }

    /// <summary>One value, on one line.</summary>
    public static void Json(Action<Utf8JsonWriter> write, bool indented = false) => Line(JsonText.Of(write, indented));

    /// <summary>One sentence for the user, on stderr.</summary>
    public static void Complain(string sentence) => Write(Error, $"shimctl: {sentence.ReplaceLineEndings(" ").TrimEnd()}\n");
}
