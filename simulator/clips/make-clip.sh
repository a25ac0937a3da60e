#!/bin/sh
# Makes patrol.mp4, the default recording of the simulated camera: 6 s of H.264 and AAC, with a running clock.
# Nothing depends on the time, the machine's name or its cores; another ffmpeg version may give other bytes.
set -eu
cd "$(dirname "$0")"
ffmpeg -hide_banner -loglevel error -y \
    -f lavfi -i testsrc2=size=640x360:rate=15 \
    -f lavfi -i sine=frequency=440:sample_rate=22050 \
    -t 6 \
    -vf "drawtext=text='%{pts\\:hms}':x=16:y=16:fontsize=28:fontcolor=white:box=1:boxcolor=black" \
    -c:v libx264 -preset slow -crf 29 -g 30 -pix_fmt yuv420p -threads 1 \
    -c:a aac -b:a 24k -ac 1 \
    -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -map_metadata -1 -movflags +faststart \
    patrol.mp4
