using System.Text.Json;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Runtime;

/// <summary>
/// The file a runtime writes its errors to, one JSON object a line. All calls of a container append to the same file, so what
/// was there before a call is skipped: an old error must not explain a new failure.
/// </summary>
internal readonly struct RuntimeLog
{
    private readonly string _path;
    private readonly long _start;

    private RuntimeLog(string path, long start)
    {
        _path = path;
        _start = start;
    }

    /// <summary>Remembers where the file ends now, before a call.</summary>
    public static RuntimeLog Mark(string path) => new(path, Files.TryStatus(path)?.Size ?? 0);

    /// <summary>
    /// The text of a failure: <c>prefix: message</c> with the last error that was logged since <see cref="Mark"/>, else with
    /// <paramref name="raw"/>. See contract chapter 7.4.
    /// </summary>
    public string Explain(string prefix, string raw)
    {
        try
        {
            ReadOnlySpan<byte> lines = SmallFile.ReadAll(_path);
            string? message = LastError(lines[(int)Math.Min(_start, lines.Length)..]);
            return $"{prefix}: {message ?? raw}";
        }
        catch (SyscallException e) when (e.Errno == Errno.ENOENT)
        {
            return $"{prefix}: unable to retrieve OCI runtime error (open {_path}: no such file or directory): {raw}";
        }
        catch (Exception e) when (e is SyscallException or JsonException or InvalidOperationException)
        {
            // The last one stands for a string that is not text.
            return $"{prefix}: unable to retrieve OCI runtime error ({e.Message}): {raw}";
        }
    }

    /// <summary>The message of the last line whose level is "error", or null. Throws JsonException for a broken line.</summary>
    public static string? LastError(ReadOnlySpan<byte> lines)
    {
        string? last = null;
        foreach (Range range in lines.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = lines[range].Trim(" \t\r"u8);
            if (!line.IsEmpty && ReadLine(line) is (true, string message))
            {
                last = message;
            }
        }

        return last;
    }

    private static (bool IsError, string? Message) ReadLine(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader json = new(line);
        bool isError = false;
        string? message = null;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
            {
                continue;
            }

            bool level = json.ValueTextEquals("level"u8);
            bool msg = json.ValueTextEquals("msg"u8);
            json.Read();
            if (level)
            {
                isError = json.TokenType == JsonTokenType.String && json.ValueTextEquals("error"u8);
            }
            else if (msg && json.TokenType == JsonTokenType.String)
            {
                message = json.GetString();
            }
        }

        return (isError, message);
    }
}
