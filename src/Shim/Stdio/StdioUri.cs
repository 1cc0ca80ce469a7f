using System.Text;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// A stream that is named by a URI and not by a path: taken apart and decoded as Go's url.Parse and url.ParseQuery do, with two
/// differences: the order of the query is kept, and what those drop silently is refused.
/// </summary>
/// <param name="Scheme">Lower-case.</param>
/// <param name="Path">Absolute.</param>
/// <param name="Query">Each key once, with the first value it had; a key without a value has an empty one.</param>
internal sealed record StdioUri(string Scheme, string Path, IReadOnlyList<KeyValuePair<string, string>> Query)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null for a plain path.</summary>
    /// <exception cref="RpcException">InvalidArgument: it has a scheme, and the rest cannot be understood.</exception>
    public static StdioUri? TryParse(string text)
    {
        int colon = SchemeLength(text);
        if (colon == 0)
        {
            return null;
        }

        string rest = text[(colon + 1)..].Split('#', 2)[0];
        string[] halves = rest.Split('?', 2);
        return new StdioUri(text[..colon].ToLowerInvariant(), PathOf(halves[0], text), QueryOf(halves.Length == 1 ? "" : halves[1], text));
    }

    // A letter, then letters, digits, '+', '-' and '.', up to a colon. See RFC 3986, 3.1.
    private static int SchemeLength(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case ':':
                    return i;
                case >= 'a' and <= 'z' or >= 'A' and <= 'Z':
                case >= '0' and <= '9' or '+' or '-' or '.' when i > 0:
                    break;
                default:
                    return 0;
            }
        }

        return 0;
    }

    // "scheme:///path" as a rule. What stands between the second and the third slash would be a host: a slash was forgotten.
    private static string PathOf(string rest, string text)
    {
        string path = rest;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            int slash = rest.IndexOf('/', 2);
            string host = slash < 0 ? rest[2..] : rest[2..slash];
            path = slash < 0 ? "" : rest[slash..];
            if (host.Length > 0)
            {
                throw Invalid(text, $"it names the host {host}, and a path on this machine has three slashes before it");
            }
        }

        return path.StartsWith('/') ? Decode(path, plusIsSpace: false, text) : throw Invalid(text, "it has no absolute path");
    }

    private static List<KeyValuePair<string, string>> QueryOf(string query, string text)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Contains(';', StringComparison.Ordinal))
            {
                throw Invalid(text, $"'{pair}' has a semicolon, and pairs are separated by '&'");
            }

            string[] halves = pair.Split('=', 2);
            string key = Decode(halves[0], plusIsSpace: true, text);
            if (!pairs.Exists(known => known.Key == key))
            {
                pairs.Add(new(key, halves.Length == 1 ? "" : Decode(halves[1], plusIsSpace: true, text)));
            }
        }

        return pairs;
    }

    private static string Decode(string part, bool plusIsSpace, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(part);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            if (b == '%')
            {
                b = TryHex(bytes.AsSpan(i + 1)) ?? throw Invalid(text, $"'{part}' has a '%' that two hexadecimal digits do not follow");
                i += 2;
            }
            else if (b == '+' && plusIsSpace)
            {
                b = (byte)' ';
            }

            bytes[length++] = b != 0 ? b : throw Invalid(text, "it holds a NUL");
        }

        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException e)
        {
            throw new RpcException(RpcCode.InvalidArgument, $"stdio URI {text}: '{part}' is not UTF-8", e);
        }
    }

    private static byte? TryHex(ReadOnlySpan<byte> digits) =>
        digits.Length >= 2 && char.IsAsciiHexDigit((char)digits[0]) && char.IsAsciiHexDigit((char)digits[1])
            ? (byte)((ValueOf(digits[0]) << 4) | ValueOf(digits[1]))
            : null;

    private static int ValueOf(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static RpcException Invalid(string text, string reason) => RpcException.InvalidArgument($"stdio URI {text}: {reason}");
}
