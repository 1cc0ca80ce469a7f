namespace ShimStack.Ctl.Streams;

/// <summary>
/// Looks for ctrl-p ctrl-q in what is typed. A ctrl-p is held back until the next key shows what it was; so a shell gets its ctrl-p one key late, as
/// with other engines.
/// </summary>
internal sealed class DetachKeys
{
    private const byte CtrlP = 0x10;
    private const byte CtrlQ = 0x11;

    private bool _held;

    /// <summary>Both were typed: what came after them is dropped.</summary>
    public bool AreComplete { get; private set; }

    /// <summary>What of it goes to the container.</summary>
    public byte[] Pass(ReadOnlySpan<byte> typed)
    {
        List<byte> passed = new(typed.Length + 1);
        foreach (byte key in typed)
        {
            if (_held && key == CtrlQ)
            {
                AreComplete = true;
                break;
            }

            if (_held)
            {
                passed.Add(CtrlP);
            }

            _held = key == CtrlP;
            if (!_held)
            {
                passed.Add(key);
            }
        }

        return [.. passed];
    }
}
