// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client;

/// <summary>Writes the requests of a streaming call.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse>(
    ClientCall<TRequest, TResponse> call,
    StreamingRequestContent content,
    MessageWriter writer,
    Marshaller<TRequest> marshaller) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private int _writing;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Interlocked.Exchange(ref _writing, 1) == 1)
            throw new InvalidOperationException("Another write is running; await it first.");
        try
        {
            if (_completed)
                throw new InvalidOperationException("The stream of requests was completed.");
            call.ThrowIfEnded();
            using var frame = writer.Frame(message, marshaller, WriteOptions);
            await SendAsync(frame.Written, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        if (Volatile.Read(ref _writing) == 1)
            throw new InvalidOperationException("A write is running; await it first.");
        _completed = true;
        content.Complete();
        return Task.CompletedTask;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        try
        {
            using var cancelling = cancellationToken.UnsafeRegister(static started => ((ClientCall<TRequest, TResponse>)started!).Cancel(),
                call);
            var stream = await content.OpenedStream.WaitAsync(call.Stopping);
            await stream.WriteAsync(frame, call.Stopping);
            if (((WriteOptions?.Flags ?? WriteFlags.None) & WriteFlags.BufferHint) == 0)
                await stream.FlushAsync(call.Stopping);
        }
        catch (Exception ex)
        {
            throw await call.ToWriteFailureAsync(ex);
        }
    }
}
