using System.Globalization;
using System.Net;
using System.Text;
using ShimStack.Native.Sockets;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Configuration;

/// <summary>What a text must be to be a value: each passes it, or throws a <see cref="FormatException"/> whose message is the reason.</summary>
internal static class SettingValues
{
    /// <summary>Null for an empty text, which is how a file says "not set".</summary>
    public static string? Optional(string text, Func<string, string>? check = null) => text.Length == 0 ? null : check?.Invoke(text) ?? text;

    public static string AbsolutePath(string text) =>
        text.StartsWith('/') && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new FormatException($"must be an absolute path, not \"{text}\"");

    /// <summary>The path of the API's socket, beside which the one of the events has its place as well.</summary>
    public static string SocketPath(string text)
    {
        string longest = AbsolutePath(text) + SupervisorSettings.TtrpcSuffix;
        int length = Encoding.UTF8.GetByteCount(longest);
        return length <= UnixSocket.MaxPathLength
            ? text
            : throw new FormatException($"is too long for a socket: \"{longest}\" has {length} bytes, and at most {UnixSocket.MaxPathLength} are possible");
    }

    public static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new FormatException($"must be a number from {least} to {most}, not {text}");

    public static LogLevel Level(string text)
    {
        for (LogLevel level = LogLevel.Trace; level < LogLevel.None; level++)
        {
            if (StderrLogger.NameOf(level) == text)
            {
                return level;
            }
        }

        throw new FormatException($"must be trace, debug, info, warning, error or fatal, not \"{text}\"");
    }

    public static string ListenAddress(string text)
    {
        if (text.StartsWith('/'))
        {
            int length = Encoding.UTF8.GetByteCount(AbsolutePath(text));
            return length <= UnixSocket.MaxPathLength
                ? text
                : throw new FormatException($"is too long for a socket: it has {length} bytes, and at most {UnixSocket.MaxPathLength} are possible");
        }

        // An address without a port has the port 0, which nobody would find.
        return IPEndPoint.TryParse(text, out IPEndPoint? found) && found.Port != 0
            ? text
            : throw new FormatException($"must be an absolute path or \"ADDRESS:PORT\", not \"{text}\"");
    }

    public static string HttpAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? found) && (found.Scheme == Uri.UriSchemeHttp || found.Scheme == Uri.UriSchemeHttps)
            ? text
            : throw new FormatException($"must be \"http://ADDRESS:PORT\", not \"{text}\"");
}
