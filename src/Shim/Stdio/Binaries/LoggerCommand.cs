namespace ShimStack.Shim.Stdio.Binaries;

/// <summary>What a <c>binary://</c> URI names. See contract chapter 4.6.</summary>
/// <param name="Path">The program.</param>
/// <param name="Arguments">Keys and values of the query, in the order in which they were given; the reference shuffles them.</param>
/// <param name="MustSayReady">binary-v2: closing the ready pipe is not enough.</param>
internal sealed record LoggerCommand(string Path, IReadOnlyList<string> Arguments, bool MustSayReady)
{
    public static LoggerCommand Of(StdioUri uri, bool mustSayReady)
    {
        List<string> arguments = new(uri.Query.Count * 2);
        foreach ((string key, string value) in uri.Query)
        {
            arguments.Add(key);
            arguments.Add(value);
        }

        return new LoggerCommand(uri.Path, arguments, mustSayReady);
    }
}
