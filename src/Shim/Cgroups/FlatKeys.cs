namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Text of lines "key value": memory.stat, cpu.stat, memory.events. Asked in the order of the lines it goes over the text once;
/// in any other order it still finds everything.
/// </summary>
internal ref struct FlatKeys(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    /// <summary>The value of a key; 0 where it is missing.</summary>
    public ulong this[scoped ReadOnlySpan<byte> key] => KernelNumber.Parse(Find(key));

    /// <summary>Whether there is such a line.</summary>
    public bool Has(scoped ReadOnlySpan<byte> key) => !Find(key).IsEmpty;

    /// <summary>
    /// Writes the values of <paramref name="keys"/>, words between blanks, into the fields from <paramref name="firstField"/> on. A
    /// key that newer kernels have split into anonymous memory and files is the sum of the two.
    /// </summary>
    public void Write(ref MessageWriter to, scoped ReadOnlySpan<byte> keys, int firstField)
    {
        for (int field = firstField; TextLines.TryTakeWord(ref keys, out ReadOnlySpan<byte> key); field++)
        {
            ReadOnlySpan<byte> value = Find(key);
            to.Number(field, value.IsEmpty ? SumOfParts(key) : KernelNumber.Parse(value));
        }
    }

    private ulong SumOfParts(scoped ReadOnlySpan<byte> key)
    {
        Span<byte> part = stackalloc byte[key.Length + "_anon"u8.Length];
        key.CopyTo(part);
        "_anon"u8.CopyTo(part[key.Length..]);
        ulong anonymous = this[part];
        "_file"u8.CopyTo(part[key.Length..]);
        return anonymous + this[part];
    }

    private ReadOnlySpan<byte> Find(scoped ReadOnlySpan<byte> key)
    {
        int start = _next;
        ReadOnlySpan<byte> value = Find(key, start, _text.Length);
        return value.IsEmpty ? Find(key, 0, start) : value;
    }

    private ReadOnlySpan<byte> Find(scoped ReadOnlySpan<byte> key, int start, int end)
    {
        while (start < end)
        {
            ReadOnlySpan<byte> rest = _text[start..];
            int length = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? rest : rest[..length];
            start += line.Length + 1;
            if (line.Length > key.Length + 1 && line[key.Length] == ' ' && line.StartsWith(key))
            {
                _next = Math.Min(start, _text.Length);
                return line[(key.Length + 1)..];
            }
        }

        return default;
    }
}
