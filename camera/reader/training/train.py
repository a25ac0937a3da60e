"""Trains the network that names one character of a machine-readable zone; README.md says how to run it.

Everything is drawn: characters of OCR-B between two neighbours, on printed grounds, through a bad lens. The only
input is the font of Debian's `fonts-ocr-b`; the sharp variant (OCRBS) is kept out, for the test set.
"""

import argparse
import math
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFont

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
NONE = len(ALPHABET)
CLASSES = NONE + 1
# Pixels of one pitch in the drawings of single characters, and their height in pitches.
FINE = 32
TALL = 2.2
# Pixels of one pitch in what the network sees, and the size of that.
PITCH = 20
ROWS, COLUMNS = 32, 24
# The middle of a line of characters above its baseline, in pitches, and the advance of the font in ems.
MIDDLE = 0.506
ADVANCE = 0.723


def drawn(path, characters, fixed=True):
    """One picture a character: ink is 1, the cell is one pitch wide, its middle is the middle of the line."""
    size = FINE / ADVANCE
    font = ImageFont.truetype(path, round(size * 4))
    high, wide = round(TALL * FINE), FINE
    pictures = []
    for character in characters:
        picture = Image.new("L", (wide * 4, high * 4), 0)
        left = 0 if fixed else (wide * 4 - font.getlength(character)) / 2
        baseline = (high / 2 + MIDDLE * FINE) * 4 - 0.5
        ImageDraw.Draw(picture).text((left, baseline), character, font=font, anchor="ls", fill=255)
        pictures.append(np.asarray(picture.resize((wide, high), Image.Resampling.BOX), dtype=np.float32) / 255)
    return torch.from_numpy(np.stack(pictures))


def blur(length, sigma):
    """The matrix that blurs rows of this length, their ends repeated."""
    at = torch.arange(length, dtype=torch.float32)
    far = torch.arange(-4 * length, 5 * length)
    weights = torch.exp(-0.5 * ((far.view(-1, 1) - at) / sigma) ** 2)
    matrix = torch.zeros(length, length).index_add_(0, far.clamp(0, length - 1), weights)
    return matrix / matrix.sum(0)


def gaussian(pictures, sigma):
    """A blur of one width for the whole batch."""
    if sigma < 0.15:
        return pictures
    rows, columns = pictures.shape[2:]
    return blur(rows, sigma).t() @ (pictures @ blur(columns, sigma))


class Press:
    """Draws batches of cells with their labels."""

    def __init__(self, fonts, strangers, seed):
        self.dice = torch.Generator().manual_seed(seed)
        self.glyphs = torch.stack([drawn(path, ALPHABET) for path in fonts])
        lower = "abcdefghijklmnopqrstuvwxyz.,:;-/()&%é"
        self.strangers = torch.cat([drawn(path, lower, fixed=False) for path in strangers])

    def uniform(self, low, high, *shape):
        return torch.rand(*shape, generator=self.dice) * (high - low) + low

    def one(self, low, high):
        return float(self.uniform(low, high, 1))

    def smooth(self, count, rows, columns, grain):
        """Value noise between -1 and 1."""
        few = self.uniform(-1, 1, count, 1, max(2, round(rows / grain)), max(2, round(columns / grain)))
        return F.interpolate(few, (rows, columns), mode="bicubic", align_corners=True)

    def batch(self, count):
        label = torch.randint(0, NONE, (count,), generator=self.dice)
        # Zones are full of fillers; a fifth more of them.
        label = torch.where(self.uniform(0, 1, count) < 0.06, torch.full_like(label, NONE - 1), label)
        strip = self.strip(label)
        label, strip, dx, dy = self.strange(label, strip)
        ink = self.seen(strip, dx, dy)
        return self.developed(ink), label

    def strip(self, label):
        """Each character between two others."""
        count = len(label)
        font = torch.randint(0, len(self.glyphs), (count,), generator=self.dice)
        parts = []
        for place in range(3):
            if place == 1:
                which = label
            else:
                which = torch.randint(0, NONE, (count,), generator=self.dice)
                filler = self.uniform(0, 1, count) < 0.35
                which = torch.where(filler, torch.full_like(which, NONE - 1), which)
            part = self.glyphs[font, which]
            if place != 1:
                # The first and the last character of a line have one neighbour.
                part = part * (self.uniform(0, 1, count) > 0.06).float().view(-1, 1, 1)
            parts.append(part)
        strip = torch.cat(parts, 2).unsqueeze(1)
        # Heavier and lighter print: blur, then another threshold.
        soft = gaussian(strip, self.one(0.8, 3.2))
        edge = self.uniform(0.25, 0.72, count, 1, 1, 1)
        return torch.sigmoid((soft - edge) * 14)

    def strange(self, label, strip):
        """A tenth is no character of the alphabet in the middle of its cell."""
        count = len(label)
        dx, dy = self.uniform(-0.11, 0.11, count), self.uniform(-0.11, 0.11, count)
        kind = self.uniform(0, 1, count)
        sign = torch.sign(self.uniform(-1, 1, count))
        beside = kind < 0.03
        dx = torch.where(beside, sign * self.uniform(0.4, 0.5, count), dx)
        above = (kind >= 0.03) & (kind < 0.06)
        dy = torch.where(above, sign * self.uniform(0.6, 1.1, count), dy)
        empty = (kind >= 0.06) & (kind < 0.085)
        strip = torch.where(empty.view(-1, 1, 1, 1), strip * 0, strip)
        other = (kind >= 0.085) & (kind < 0.105)
        which = torch.randint(0, len(self.strangers), (3, count), generator=self.dice)
        words = torch.cat([self.strangers[which[n]] for n in range(3)], 2).unsqueeze(1)
        strip = torch.where(other.view(-1, 1, 1, 1), words, strip)
        label = torch.where(beside | above | empty | other, torch.full_like(label, NONE), label)
        return label, strip, dx, dy

    def seen(self, strip, dx, dy):
        """The ink on the pixels of a camera, with what rectifying leaves of turn, slant and perspective."""
        count = len(strip)
        # Pixels of one pitch on the sensor; above 28 a rectified cell is as from 28.
        self.scale = 11 + 17 * self.one(0, 1) ** 1.4
        rows, columns = round(2.2 * self.scale), round(1.9 * self.scale)
        strip = gaussian(strip, 0.45 * FINE / self.scale)
        y, x = torch.meshgrid(
            torch.linspace(-1.1, 1.1, rows), torch.linspace(-0.95, 0.95, columns), indexing="ij"
        )
        x, y = x.expand(count, -1, -1), y.expand(count, -1, -1)
        shape = (count, 1, 1)
        turn = self.uniform(-0.07, 0.07, *shape)
        slant = self.uniform(-0.13, 0.13, *shape)
        wide, high = self.uniform(0.9, 1.1, *shape), self.uniform(0.86, 1.14, *shape)
        far = 1 + self.uniform(-0.04, 0.04, *shape) * x + self.uniform(-0.05, 0.05, *shape) * y
        px, py = x / far, y / far
        u = (px * torch.cos(turn) - py * torch.sin(turn)) / wide + slant * py
        v = (px * torch.sin(turn) + py * torch.cos(turn)) / high
        wave = self.smooth(2 * count, rows, columns, self.scale).view(2, count, rows, columns) * 0.02
        u, v = u + wave[0] + dx.view(shape), v + wave[1] + dy.view(shape)
        grid = torch.stack([u / 1.5, v / (TALL / 2)], 3)
        return F.grid_sample(strip, grid, align_corners=False, padding_mode="zeros")

    def developed(self, ink):
        """Ground, light, lens, noise, and the cell as the reader cuts it out."""
        count, _, rows, columns = ink.shape
        shape = (count, 1, 1, 1)
        ground = self.uniform(100, 250, *shape)
        contrast = self.uniform(0.18, 0.95, *shape) * ground
        worn = 1 - self.uniform(0, 0.45, *shape) * self.smooth(count, rows, columns, self.scale / 3).clamp(0, 1)
        picture = ground + self.pattern(count, rows, columns) * contrast * self.uniform(0, 0.3, *shape)
        picture = picture - ink * worn * contrast
        y, x = torch.meshgrid(torch.linspace(-1, 1, rows), torch.linspace(-1, 1, columns), indexing="ij")
        slope = self.uniform(-0.2, 0.2, *shape) * x + self.uniform(-0.2, 0.2, *shape) * y
        shadow = torch.sigmoid(
            (x * torch.cos(t := self.uniform(0, 6.3, *shape)) + y * torch.sin(t) + self.uniform(-1, 1, *shape))
            * self.uniform(2, 12, *shape)
        ) * self.uniform(0, 0.4, *shape) * (self.uniform(0, 1, *shape) < 0.25)
        picture = picture * (1 + slope - shadow)
        cx, cy = self.uniform(-1, 1, *shape), self.uniform(-1, 1, *shape)
        near = torch.exp(-((x - cx) ** 2 + (y - cy) ** 2) / self.uniform(0.1, 1, *shape))
        picture = picture + near * self.uniform(0, 140, *shape) * (self.uniform(0, 1, *shape) < 0.12)
        picture = self.lens(picture)
        noise = torch.randn(picture.shape, generator=self.dice)
        picture = picture + noise * torch.minimum(self.uniform(0, 15, *shape), contrast * 0.16)
        picture = picture.clamp(0, 255).round()
        wide, high = COLUMNS / PITCH / 1.9, ROWS / PITCH / 2.2
        v, u = torch.meshgrid(
            (torch.arange(ROWS) + 0.5) / ROWS * 2 * high - high,
            (torch.arange(COLUMNS) + 0.5) / COLUMNS * 2 * wide - wide,
            indexing="ij",
        )
        grid = torch.stack([u, v], 2).expand(count, -1, -1, -1)
        return normal(F.grid_sample(picture, grid, align_corners=False, padding_mode="border"))

    def pattern(self, count, rows, columns):
        """Printed grounds: one or two sets of parallel lines, or clouds."""
        y, x = torch.meshgrid(torch.arange(rows).float(), torch.arange(columns).float(), indexing="ij")
        shape = (count, 1, 1, 1)
        lines = 0
        for _ in range(2):
            turn = self.uniform(0, 6.3, *shape)
            period = self.uniform(0.2, 2.5, *shape) * self.scale
            bend = self.smooth(count, rows, columns, self.scale) * self.uniform(0, 2, *shape)
            wave = torch.sin((x * torch.cos(turn) + y * torch.sin(turn)) * 6.283 / period + bend)
            lines = lines + torch.tanh(wave * self.uniform(0.5, 5, *shape)) * self.uniform(0, 0.7, *shape)
        clouds = self.smooth(count, rows, columns, self.scale / 2)
        return torch.where(self.uniform(0, 1, *shape) < 0.3, clouds, lines)

    def lens(self, picture):
        """Out of focus, or moved, by up to an eighth of a pitch."""
        rows, columns = picture.shape[2:]
        picture = gaussian(picture, self.one(0.0, 0.12) * self.scale)
        if self.one(0, 1) < 0.4:
            turn, length = self.one(0, math.pi), self.one(0, 0.25) * self.scale
            steps = max(2, math.ceil(length) + 1)
            moved = 0
            for step in range(steps):
                along = (step / (steps - 1) - 0.5) * length
                move = torch.tensor(
                    [[1, 0, along * math.cos(turn) * 2 / columns], [0, 1, along * math.sin(turn) * 2 / rows]]
                ).expand(len(picture), -1, -1)
                grid = F.affine_grid(move, picture.shape, align_corners=False)
                moved = moved + F.grid_sample(picture, grid, align_corners=False, padding_mode="border")
            picture = moved / steps
        return picture


def normal(cells):
    """Each cell with mean 0 and deviation 1, as the reader does it."""
    mean = cells.mean((1, 2, 3), keepdim=True)
    deviation = cells.var((1, 2, 3), keepdim=True, unbiased=False).sqrt()
    return (cells - mean) / (deviation + 4)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = torch.nn.ModuleList(
            torch.nn.Conv2d(before, after, 3, padding=1) for before, after in [(1, 16), (16, 24), (24, 48)]
        )
        self.norms = torch.nn.ModuleList(torch.nn.BatchNorm2d(wide) for wide in [16, 24, 48])
        self.hidden = torch.nn.Linear(48 * (ROWS // 8) * (COLUMNS // 8), 96)
        self.drop = torch.nn.Dropout(0.1)
        self.last = torch.nn.Linear(96, CLASSES)

    def forward(self, cells):
        for convolution, norm in zip(self.convolutions, self.norms):
            cells = F.max_pool2d(F.relu(norm(convolution(cells))), 2)
        return self.last(self.drop(F.relu(self.hidden(cells.flatten(1)))))


def written(network, path):
    """Little-endian f32, the norms folded in, in the order in which `camera/reader/src/zone/network.rs` reads them:
    convolutions as [row][column][from][to], then the two matrices as [from][to], each followed by its biases."""
    values = []
    with torch.no_grad():
        for convolution, norm in zip(network.convolutions, network.norms):
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight = convolution.weight * scale.view(-1, 1, 1, 1)
            values += [weight.permute(2, 3, 1, 0), norm.bias + (convolution.bias - norm.running_mean) * scale]
        # The reader keeps the channels of a pixel together.
        hidden = network.hidden.weight.view(96, 48, ROWS // 8, COLUMNS // 8).permute(2, 3, 1, 0)
        values += [hidden, network.hidden.bias, network.last.weight.t(), network.last.bias]
    flat = torch.cat([value.reshape(-1) for value in values]).tolist()
    with open(path, "wb") as file:
        file.write(struct.pack(f"<{len(flat)}f", *flat))
    return len(flat)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--fonts", default="/usr/share/fonts/opentype/ocr-b", help="folder of fonts-ocr-b")
    arguments.add_argument("--strangers", default="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    arguments.add_argument("--steps", type=int, default=6000)
    arguments.add_argument("--seed", type=int, default=20261127)
    arguments.add_argument("--out", default="weights.bin")
    asked = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(asked.seed)
    press = Press([f"{asked.fonts}/OCRB.otf"], [asked.strangers], asked.seed)
    referee = Press([f"{asked.fonts}/OCRB.otf"], [asked.strangers], 1)
    proof = [referee.batch(256) for _ in range(16)]
    network = Network()
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=asked.steps, pct_start=0.15)
    began, average = time.time(), 0.0
    for step in range(1, asked.steps + 1):
        cells, label = press.batch(256)
        loss = F.cross_entropy(network(cells), label)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        plan.step()
        average += (loss.item() - average) / min(step, 100)
        if step % 250 == 0 or step == asked.steps:
            network.eval()
            with torch.no_grad():
                wrong = sum((network(cells).argmax(1) != label).sum().item() for cells, label in proof)
            network.train()
            count = sum(len(label) for _, label in proof)
            print(f"{step} steps, {time.time() - began:.0f} s: loss {average:.4f}, wrong {wrong}/{count}", flush=True)
            network.eval()
            written(network, asked.out)
            network.train()


if __name__ == "__main__":
    main()
