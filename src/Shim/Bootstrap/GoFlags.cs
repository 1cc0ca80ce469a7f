namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// Splits a command line as Go's flag package does: <c>-x v</c>, <c>-x=v</c>, <c>--x v</c> and <c>--x=v</c> are the same; the first
/// argument
/// that is no flag ends the flags, and so does <c>--</c>.
/// </summary>
internal ref struct GoFlags(ReadOnlySpan<string> arguments)
{
    private readonly ReadOnlySpan<string> _arguments = arguments;
    private int _next;
    private string? _value;

    /// <summary>The name of the current flag, without dashes.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The arguments after the flags.</summary>
    public readonly ReadOnlySpan<string> Rest => _arguments[_next..];

    /// <summary>Goes to the next flag; false when there is none.</summary>
    /// <exception cref="UsageException">The argument begins like a flag but is none.</exception>
    public bool MoveNext()
    {
        if (_next == _arguments.Length || _arguments[_next].Length < 2 || _arguments[_next][0] != '-')
        {
            return false;
        }
        string argument = _arguments[_next++];
        if (argument == "--")
        {
            return false;
        }
        string name = argument[(argument[1] == '-' ? 2 : 1)..];
        if (name[0] is '-' or '=')
        {
            throw new UsageException($"bad flag syntax: {argument}");
        }
        int equals = name.IndexOf('=', StringComparison.Ordinal);
        Name = equals < 0 ? name : name[..equals];
        _value = equals < 0 ? null : name[(equals + 1)..];
        return true;
    }

    /// <summary>The value of the current flag, which may be the next argument.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public string TakeString()
    {
        if (_value is not null)
        {
            return _value;
        }
        return _next < _arguments.Length ? _arguments[_next++] : throw new UsageException($"flag needs an argument: -{Name}");
    }

    /// <summary>The value of the current flag as a truth value; without <c>=</c> it is true.</summary>
    /// <exception cref="UsageException">The text after <c>=</c> is no truth value.</exception>
    public readonly bool TakeBool() => _value switch
    {
        null or "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new UsageException($"invalid boolean value \"{_value}\" for -{Name}: parse error"),
    };
}
