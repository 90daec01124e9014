// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace ClusterManager.Agent.Docker;

/// <summary>
/// Takes apart what the engine sends as a container's output, however the bytes are cut on the way. Without a terminal it is a sequence of
/// frames: one byte for the stream, three of nothing, four for the length (big endian), then the text; each frame is one message of the log
/// driver. With a terminal there are no frames, only text. Pure; keeps no more than an unfinished line.
/// </summary>
internal sealed class LogFrameDecoder(bool tty)
{
    private const int HeaderLength = 8;
    private const byte EngineErrorStream = 3;
    private const int EngineErrorBytesMax = 4096;

    private readonly LogLineAssembler _stdout = new(LogStream.Stdout, tty);
    private readonly LogLineAssembler _stderr = new(LogStream.Stderr, tty: false);
    private readonly byte[] _header = new byte[HeaderLength];
    private readonly List<byte> _engineError = [];
    private int _headerLength;
    private uint _bodyLeft;

    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">As they came.</param>
    /// <param name="lines">Where finished lines are added.</param>
    /// <exception cref="DockerException">
    /// <see cref="DockerErrorKind.ServerError"/>: the engine reports an error, or these are no frames.
    /// </exception>
    public void Feed(ReadOnlySpan<byte> bytes, Queue<LogLine> lines)
    {
        if (tty)
        {
            _stdout.Append(bytes, lines);
            return;
        }
        while (!bytes.IsEmpty)
            bytes = _bodyLeft == 0 ? TakeHeader(bytes) : TakeBody(bytes, lines);
    }

    /// <summary>Ends the stream: hands out lines that lack their end.</summary>
    public void Finish(Queue<LogLine> lines)
    {
        _stdout.Finish(lines);
        _stderr.Finish(lines);
    }

    private ReadOnlySpan<byte> TakeHeader(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(HeaderLength - _headerLength, bytes.Length);
        bytes[..count].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += count;
        if (_headerLength < HeaderLength)
            return [];
        if (_header[0] > EngineErrorStream || _header[1] != 0 || _header[2] != 0 || _header[3] != 0)
            throw new DockerException(DockerErrorKind.ServerError, "the engine's log stream is not framed as announced");
        _headerLength = 0;
        _bodyLeft = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
        if (_bodyLeft > 0 && _header[0] != EngineErrorStream)
            Current.BeginMessage();
        return bytes[count..];
    }

    private ReadOnlySpan<byte> TakeBody(ReadOnlySpan<byte> bytes, Queue<LogLine> lines)
    {
        var count = (int)Math.Min(_bodyLeft, (uint)bytes.Length);
        _bodyLeft -= (uint)count;
        if (_header[0] == EngineErrorStream)
            TakeEngineError(bytes[..count]);
        else
            Current.Append(bytes[..count], lines);
        return bytes[count..];
    }

    private LogLineAssembler Current => _header[0] == (byte)LogStream.Stderr ? _stderr : _stdout;

    private void TakeEngineError(ReadOnlySpan<byte> bytes)
    {
        _engineError.AddRange(bytes[..Math.Min(bytes.Length, EngineErrorBytesMax - _engineError.Count)]);
        if (_bodyLeft == 0)
            throw new DockerException(DockerErrorKind.ServerError, Encoding.UTF8.GetString([.. _engineError]));
    }
}
