// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Cuts a stream of JSON objects into its lines. Its buffer grows to one line, never beyond <see cref="LineBytesMax"/>.</summary>
internal sealed class EngineLineReader(EngineStream stream)
{
    /// <summary>No event or pull step is nearly as long: 1 MiB.</summary>
    public const int LineBytesMax = 1024 * 1024;

    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line that is not blank; valid until the next call.</summary>
    /// <returns>Null at the end of the stream.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var searched = _start;
        while (true)
        {
            var feed = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + feed - _start);
                _start = searched = searched + feed + 1;
                if (!IsBlank(line.Span))
                    return line;
                continue;
            }
            MakeRoom();
            searched = _end;
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
                return TakeRest();
            _end += count;
        }
    }

    // Moves what is left to the front, and doubles the buffer when that gained nothing.
    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end < _buffer.Length)
            return;
        if (_buffer.Length >= LineBytesMax)
            throw new DockerException(DockerErrorKind.ServerError, $"the engine sent a line of more than {LineBytesMax} bytes");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    private ReadOnlyMemory<byte>? TakeRest()
    {
        ReadOnlyMemory<byte> rest = _buffer.AsMemory(_start, _end - _start);
        _start = _end;
        // In two statements: in one expression null would become an empty memory.
        if (IsBlank(rest.Span))
            return null;
        return rest;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \r\n\t"u8).IsEmpty;
}
