using System.Runtime.InteropServices;
using System.Text;
using ShimStack.Native.Files;
using ShimStack.Native.Terminals;
using Spectre.Console;

namespace ShimStack.Ctl.Output;

/// <summary>
/// A terminal that is drawn on again and again, until q, ctrl-c or a signal. Keys come at once and are not shown; at the end it is as it
/// was.
/// </summary>
internal sealed class LiveTerminal : IDisposable
{
    private const byte CtrlC = 3;
    private const byte CtrlD = 4;

    private static readonly PosixSignal[] Ends = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _ended = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly RawTerminal? _raw;

    public LiveTerminal()
    {
        bool hasKeys = Terminal.IsTerminal(Screen.Input);
        foreach (PosixSignal signal in Ends)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _ended.Cancel();
            }));
        }

        if (hasKeys)
        {
            _raw = new RawTerminal(Screen.Input);
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        }

        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = Screen.HasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(new StreamWriter(new RawLines(Screen.Output), new UTF8Encoding(false)) { AutoFlush = true }),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        TakeSize();
    }

    public IAnsiConsole Console { get; }

    /// <summary>Somebody has asked for the end.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The terminal may have another size by now.</summary>
    public void TakeSize()
    {
        if (Terminal.Size(Screen.Output) is { Columns: > 0, Rows: > 0 } size)
        {
            (Console.Profile.Width, Console.Profile.Height) = (size.Columns, size.Rows);
        }
    }

    public void Dispose()
    {
        _raw?.Dispose();
        _registrations.ForEach(registration => registration.Dispose());
    }

    private void ReadKeys()
    {
        byte[] keys = new byte[16];
        while (Files.Read(Screen.Input, keys) is { IsOk: true, IsEnd: false } read)
        {
            if (keys.AsSpan(0, read.Count).IndexOfAny("qQ"u8) >= 0 || keys.AsSpan(0, read.Count).IndexOfAny(CtrlC, CtrlD) >= 0)
            {
                _ended.Cancel();
                return;
            }
        }
    }
}
